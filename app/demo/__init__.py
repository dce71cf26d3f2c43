"""The demo unit: invented people whose totals equal a published report, and a lively present."""
