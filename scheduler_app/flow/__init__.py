"""Verbs in the order of the sentence: receive, ingest, judge, plan, dispatch, publish; ports only."""
