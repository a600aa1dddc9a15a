-- (read) The Events after one, in order, as one text: the client takes no reply of many parts apart.
-- keys: events
-- args: after limit
-- returns: ok
return answer('ok', { events = redis.call('XRANGE', K.events(), '(' .. after, '+', 'COUNT', limit) })
