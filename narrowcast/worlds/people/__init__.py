"""Who the customers are: on paper, at home, and among friends. A module a question; nothing is exported here."""

__all__: list[str] = []
