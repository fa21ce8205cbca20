"""What happened before today: orders, visits, campaigns, deals, recommendations. Nothing is exported here."""

__all__: list[str] = []
