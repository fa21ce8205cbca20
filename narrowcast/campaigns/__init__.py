"""WHAT is done: messages, offers, flights, plans in eight steps; contact law, goals, tools."""

from narrowcast.campaigns.draft import PlanDraft
from narrowcast.campaigns.files import Files
from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.goals import Goal, ambition, goal
from narrowcast.campaigns.indicators import indicators_of
from narrowcast.campaigns.launch import Launch
from narrowcast.campaigns.law import ContactRule, Terms, contact_rules, rules_for, terms
from narrowcast.campaigns.martech import TOOLS, Stack, Tool, cheapest, needed_jobs
from narrowcast.campaigns.measurement import Measurement
from narrowcast.campaigns.message import Message, Offer
from narrowcast.campaigns.objectives import Metric, Objectives
from narrowcast.campaigns.organisation import Organisation, Supplier, Task
from narrowcast.campaigns.plan import Objective, Plan
from narrowcast.campaigns.steps import Step
from narrowcast.campaigns.target import Target

__all__ = [
    "TOOLS",
    "ContactRule",
    "Files",
    "Flight",
    "Goal",
    "Launch",
    "Measurement",
    "Message",
    "Metric",
    "Objective",
    "Objectives",
    "Offer",
    "Organisation",
    "Plan",
    "PlanDraft",
    "Stack",
    "Step",
    "Supplier",
    "Target",
    "Task",
    "Terms",
    "Tool",
    "ambition",
    "cheapest",
    "contact_rules",
    "goal",
    "indicators_of",
    "needed_jobs",
    "rules_for",
    "terms",
]
