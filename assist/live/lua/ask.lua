-- (nothing) -> waiting. A Requester asks, or asks again with their receipt and keeps their place.
-- keys: requester deadlines help full call open waiting
-- args: help_request requester languages since_ms among topic again named braille
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
  among = among, topic = topic, question = '0', first = '', first_ms = 0,
  named = named, braille = braille,
}

-- "Call NAME again": the Volunteer of a Call of theirs that ended a moment ago, if that one can come,
-- or will be free in a moment. In which language and about what they have found out already.
local function wanted_again()
  local met = again ~= '' and hash(K.call(again)) or {}
  local before = met.help_request and help_of(met.help_request) or {}
  if met.requester ~= requester or before.call ~= again or before.state ~= 'ended'
    or now - tonumber(before.ended_ms) > L.AGAIN then return end
  local id = met.volunteer
  local is, roster = volunteer_of(id), roster_of(id)
  local soon = is.state == 'wrapping_up' and not why_away(id, is, roster)
  if (soon or can_ring(id, is, roster)) and is_open_to(id, roster, help)
    and not blocked(requester, id) then return id end
end

local first = wanted_again()
if first then help.first, help.first_ms = first, now + L.ALONE end
help.reachable = math.max(reachable(help), first and 1 or 0)
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
