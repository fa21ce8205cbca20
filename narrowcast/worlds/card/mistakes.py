"""The mistakes of the course by their numbers, as its keys name them."""

from __future__ import annotations

from narrowcast.language import gettext as _

__all__ = ["mistakes"]


def mistakes() -> dict[str, tuple[str, str]]:
    """Return each mistake by its number: its name, and what cures it, in the language in force."""
    return {
        "M1": (_("an unweighted mean of the segments' rates"), _("weight by n")),
        "M2": (_("narrow always wins"), _("precision and price a thousand decide")),
        "M3": (_("the largest segment is the best"), _("multiply by margin")),
        "M4": (_("machine opens taken for interest"), _("use clicks")),
        "M5": (_("opens over sent"), _("divide by what was delivered")),
        "M6": (_("total clicks taken for unique ones"), _("count each person once")),
        "M7": (_("a reversal ignored"), _("split by device or season")),
        "M8": (_("a linear response to spend"), _("allow for saturation")),
        "M9": (_("the average taken for the marginal return"), _("ask what the next dong brings")),
        "M10": (_("ROAS taken for ROI"), _("margin less cost")),
        "M11": (_("CAC without salaries and tools"), _("add the overhead")),
        "M12": (_("revenue before returns"), _("take off what came back")),
        "M13": (_("lifetime value from survivors"), _("include those who left")),
        "M14": (_("not significant taken for no effect"), _("give the interval, and ask for the power")),
        "M15": (_("peeking"), _("fix n beforehand, or test sequentially")),
        "M16": (_("last touch taken for incremental"), _("compare with a holdout")),
        "M17": (_("aiming at likely buyers"), _("aim at those who can be persuaded")),
        "M18": (
            _("K from invitations alone, or K below 1 called viral"),
            _("invitations times conversion; the end is 1/(1-K)"),
        ),
        "M19": (_("self-referrals counted"), _("match the households")),
        "M20": (_("a scan taken for a sale"), _("join on the sale")),
        "M21": (_("contacted without consent"), _("keep to consent, hours and the cap")),
        "M22": (_("dirty keys"), _("normalise before you join")),
        "M23": (_("a many-to-many merge that inflates revenue"), _("merge with validate=")),
        "M24": (
            _("the wrong branch of the goal rule: the benchmark itself, or the mean applied above it"),
            _("follow its four branches"),
        ),
        "M25": (_("filtered on what happened after the treatment"), _("compare as assigned")),
        "M26": (_("an answer typed in, or tuned to one seed"), _("try it on a new seed")),
    }
