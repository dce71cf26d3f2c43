"""`make bench`: how fast the pages are, beside a bare page on the same database. Not part of the test run."""
