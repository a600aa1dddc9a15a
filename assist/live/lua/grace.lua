-- (lease) After an outage in which no page could beat, every page has its time once more.
-- keys: deadlines
-- args:
-- returns: ok
for _, one in ipairs(redis.call('ZRANGE', K.deadlines(), '-inf', now + L.LEASE, 'BYSCORE')) do
  if string.find(one, '^requester:') or string.find(one, '^volunteer:') then
    redis.call('ZADD', K.deadlines(), now + L.LEASE, one)
  end
end
return answer('ok')
