-- connecting -> in_call, or a Leg's own state. Said by the relay, fenced by the Leg's number.
-- keys: legs
-- args: help_request person number state relay
-- returns: ok | gone | stale
local help = help_of(help_request)
if not help.state or help.state == 'ended' then return answer('gone') end
local leg = redis.call('HGET', K.legs(help_request), person)
if not leg then return answer('gone') end
local before, seated = string.match(leg, '^(%a+):(%d+)$')
if seated ~= number or help.relay ~= relay then return answer('stale') end
redis.call('HSET', K.legs(help_request), person, state .. ':' .. number)
local fields = legs_of(help_request, help)
-- Both may have been up before Accept: the relay says it once more when its gate is open.
if help.state == 'connecting' and fields.requester_leg == 'up' and fields.volunteer_leg == 'up' then
  connected(help_request, help, fields)
elseif before ~= state then
  leg_changed(help_request, help, person, { state = state, number = number, relay = relay })
end
return answer('ok')
