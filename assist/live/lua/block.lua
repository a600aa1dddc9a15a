-- pending -> withdrawn. A block from SQL: for good, in both directions; a ring across it ends.
-- keys:
-- args: one other
-- returns: ok
block(one, other)
if not hush(one, other, 'withdrawn') then hush(other, one, 'withdrawn') end
return answer('ok')
