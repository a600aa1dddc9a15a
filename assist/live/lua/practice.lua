-- (nothing) -> ringing. A practice: their own page plays who asks, and rings this Volunteer alone.
-- keys: full requester deadlines volunteer help open offer offers asked
-- args: help_request requester volunteer offer_id languages
-- returns: ok | known | ended | unknown | suspended | engaged | no_relay | full
local open = redis.call('GET', K.requester(requester))
if open then return answer('known', { help_request = open }) end
if redis.call('EXISTS', K.help(help_request)) == 1 then return answer('ended') end
if redis.call('EXISTS', K.full()) == 1 then return answer('full') end
local is, roster = volunteer_of(volunteer), roster_of(volunteer)
if not roster.languages then return answer('unknown') end
if roster.suspended == '1' then return answer('suspended') end
if is.state == 'ringing' or is.state == 'in_call' then return answer('engaged') end
-- The last lines are for those who need help.
if not relay_with_room({}, L.PRACTICE_ROOM) then return answer('no_relay') end

local shown = math.min(tonumber(roster.ring_ms or L.OFFER_SHOWN), L.RING_MOST)
local life = shown + L.OFFER_SPARE
local help = {
  state = 'ringing', practice = '1', requester = requester, languages = languages, since_ms = now,
  asked = 1, reachable = 1, n = 1, wave = 1, wave_ms = 0, tries = 0, leg_number = 0,
  among = 'anyone', topic = 'reading', question = '0', first = '', first_ms = 0,
  named = '0', braille = '0',
}
local flat = {}
for name, value in pairs(help) do
  flat[#flat + 1] = name
  flat[#flat + 1] = value
end
redis.call('SET', K.requester(requester), help_request)
redis.call('HSET', K.help(help_request), unpack(flat))
redis.call('ZADD', K.open(), now, help_request)
redis.call('HSET', K.offer(offer_id), 'state', 'pending', 'practice', '1', 'help_request', help_request,
  'volunteer', volunteer, 'n', help.n, 'made_ms', now, 'deadline_ms', now + life, 'life_ms', life,
  'life_shown_ms', shown, 'reach', 'page', 'languages', languages, 'again', '0')
redis.call('PEXPIRE', K.offer(offer_id), L.PRACTICE + L.PRACTICE_KEPT)
redis.call('HSET', K.asked(help_request), volunteer, 'pending:' .. int(now))
redis.call('PEXPIRE', K.asked(help_request), T.asked)
redis.call('SADD', K.offers(help_request), offer_id)
redis.call('PEXPIRE', K.offers(help_request), T.offers)
-- Both pages are there: they are one.
due('requester', requester, now + L.LEASE)
redis.call('ZADD', K.deadlines(), 'GT', now + L.LEASE, 'volunteer:' .. volunteer)
redis.call('HDEL', K.volunteer(volunteer), 'hold_ms')
set_volunteer(volunteer, 'ringing', {
  offer = offer_id, help_request = help_request, why = '', taking = is.taking or '0',
})
due('offer', offer_id, now + life)
due('practice', help_request, now + L.PRACTICE)
emit('practice.begun', told_of(help_request, help, {
  wave = 1, made_ms = now, again = '0',
  offers = table.concat({ offer_id, volunteer, int(now + life), 'page' }, ':'),
}), { requester, volunteer })
return answer('ok', { help_request = help_request })
