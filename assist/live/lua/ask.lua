-- (nothing) -> waiting. A Requester asks, or asks again with their receipt and keeps their place.
-- keys: requester help full available open waiting deadlines
-- args: help_request requester languages since_ms
-- returns: ok | known | ended | full
local open = redis.call('GET', K.requester(requester))
if open then
  -- Who asks is there, however long ago their page beat.
  redis.call('ZADD', K.deadlines(), 'XX', 'GT', now + L.LEASE, 'requester:' .. requester)
  return answer('known', { help_request = open, since_ms = redis.call('HGET', K.help(open), 'since_ms') })
end
if redis.call('EXISTS', K.help(help_request)) == 1 then return answer('ended') end
if redis.call('EXISTS', K.full()) == 1 then return answer('full') end
local since, reachable = tonumber(since_ms) or now, 0
for _, language in ipairs(words(languages)) do
  reachable = reachable + redis.call('ZCARD', K.available(language))
end
redis.call('SET', K.requester(requester), help_request)
redis.call('HSET', K.help(help_request), 'state', 'waiting', 'requester', requester,
  'languages', languages, 'since_ms', since, 'asked', 0, 'reachable', reachable, 'n', 1,
  'wave', 0, 'wave_ms', 0, 'tries', 0, 'leg_number', 0)
redis.call('ZADD', K.open(), since, help_request)
redis.call('ZADD', K.waiting(), since, help_request)
due('requester', requester, now + L.LEASE)
emit('help.asked', {
  help_request = help_request, requester = requester, languages = languages, since_ms = since,
  reachable = reachable,
}, { requester })
return answer('ok', { help_request = help_request, since_ms = int(since) })
