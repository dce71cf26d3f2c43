"""Groups of young people that are discussed and acted on as one."""
