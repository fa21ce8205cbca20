"""WHAT is done: messages, offers, flights, plans."""

from narrowcast.campaigns.message import Message, Offer
from narrowcast.campaigns.plan import Flight, Objective, Plan

__all__ = ["Flight", "Message", "Objective", "Offer", "Plan"]
