"""Review forms (审批表) for the leader's signature."""
