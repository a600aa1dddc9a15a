-- (roster) A block from SQL: for good, in both directions.
-- keys:
-- args: one other
-- returns: ok
block(one, other)
return answer('ok')
