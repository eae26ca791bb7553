"""Did the rollout improve and stabilise operations? Evidence, decision, report."""
