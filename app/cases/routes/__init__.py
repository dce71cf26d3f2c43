"""The pages of cases: the list, opening one, the case itself, who sees it, its deadlines and its record."""
