"""WRITE: from the text that people edit to the notebooks that people open.

Text is the truth, notebooks are derived. `narrowcast.author.build.build` derives them,
`narrowcast.author.catalogue.update` gathers what translators have to translate.
"""
