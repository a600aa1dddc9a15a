-- available | ringing | wrapping_up -> away. A ring counts as "Not now"; a call goes on.
-- keys: volunteer offer
-- args: volunteer
-- returns: ok
local is = volunteer_of(volunteer)
if not is.state or is.state == 'away' or (is.state == 'in_call' and is.taking == '0') then
  return answer('ok')
end
redis.call('HSET', K.volunteer(volunteer), 'taking', 0)
if is.state == 'ringing' then
  local offer = hash(K.offer(is.offer))
  local state, taking, help = end_offer(is.offer, offer, 'declined')
  say_offer_ended(is.offer, offer, 'declined', state, taking, help)
  return answer('ok')
end
local state = is.state
if state ~= 'in_call' then
  state = 'away'
  set_volunteer(volunteer, 'away', {})
end
emit('volunteer.changed', { volunteer = volunteer, state = state, taking = 0, at_ms = now }, { volunteer })
return answer('ok')
