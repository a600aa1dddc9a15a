-- any -> ended; connecting -> waiting; confirming -> parked; available | ringing | wrapping_up -> away. A page was not heard of for too long.
-- keys: requester offer
-- args: role person
-- returns: ok | gone
if not is_due(role, person) then return answer('gone') end
undue(role, person)
if role == 'requester' then
  local id = redis.call('GET', K.requester(person))
  if not id then return answer('gone') end
  finish(id, help_of(id), 'requester_lost')
  return answer('ok')
end
local is = volunteer_of(person)
if is.state == 'in_call' then
  set_volunteer(person, 'in_call', { taking = 0 })
  local help = help_of(is.help_request)
  if help.state == 'in_call' then finish(is.help_request, help, 'volunteer_lost')
  else put_back(is.help_request, help, 'volunteer_lost') end  -- they never met
elseif is.state == 'ringing' then
  local offer = hash(K.offer(is.offer))
  set_volunteer(person, 'ringing', { taking = 0 })
  local state, taking, help = end_offer(is.offer, offer, 'missed')
  say_offer_ended(is.offer, offer, 'missed', state, taking, help)
elseif is.state == 'available' or is.state == 'wrapping_up' then
  set_volunteer(person, 'away', { taking = 0 })
  emit('volunteer.changed', { volunteer = person, state = 'away', taking = 0, at_ms = now }, { person })
else
  return answer('gone')
end
return answer('ok')
