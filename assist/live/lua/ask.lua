-- (nothing) -> waiting. A Requester asks, or asks again with their receipt and keeps their place.
-- keys: requester deadlines help full open waiting
-- args: help_request requester languages since_ms among topic
-- returns: ok | known | ended | full
local open = redis.call('GET', K.requester(requester))
if open then
  -- Who asks is there, however long ago their page beat.
  redis.call('ZADD', K.deadlines(), 'XX', 'GT', now + L.LEASE, 'requester:' .. requester)
  return answer('known', { help_request = open, since_ms = redis.call('HGET', K.help(open), 'since_ms') })
end
if redis.call('EXISTS', K.help(help_request)) == 1 then return answer('ended') end
if redis.call('EXISTS', K.full()) == 1 then return answer('full') end

local help = {
  state = 'waiting', requester = requester, languages = languages, since_ms = tonumber(since_ms) or now,
  asked = 0, n = 1, wave = 0, wave_ms = 0, tries = 0, leg_number = 0,
  among = among, topic = topic, question = '0',
}
help.reachable = reachable(help)
local flat = {}
for name, value in pairs(help) do
  flat[#flat + 1] = name
  flat[#flat + 1] = value
end
redis.call('SET', K.requester(requester), help_request)
redis.call('HSET', K.help(help_request), unpack(flat))
redis.call('ZADD', K.open(), help.since_ms, help_request)
redis.call('ZADD', K.waiting(), help.since_ms, help_request)
hunger(help_request, help)
due('requester', requester, now + L.LEASE)
emit('help.asked', told_of(help_request, help), { requester })
return answer('ok', { help_request = help_request, since_ms = int(help.since_ms) })
