-- (lease) A worker that stops leaves its role to the next at once.
-- keys: role
-- args: name holder
-- returns: ok
if redis.call('GET', K.role(name)) == holder then redis.call('DEL', K.role(name)) end
return answer('ok')
