-- any -> ended; connecting -> waiting; confirming -> parked; available | ringing | wrapping_up -> away. A page was not heard of for too long.
-- keys: requester volunteer offer
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
local is, roster = volunteer_of(person), roster_of(person)
local offer = is.state == 'ringing' and hash(K.offer(is.offer)) or {}
-- A ring by push waits for a page that is yet to open.
if offer.reach == 'push' then return answer('gone') end
local resting = is.state == 'away' and is.taking == '1' and roster.push ~= '1'
-- Whom a push reaches goes on taking calls without a page; anybody else comes back and says so.
if roster.push ~= '1' then
  redis.call('HSET', K.volunteer(person), 'taking', '0', 'off', 'gone')
end
if is.state == 'in_call' then
  local help = help_of(is.help_request)
  if help.state == 'in_call' then finish(is.help_request, help, 'volunteer_lost')
  else put_back(is.help_request, help, 'volunteer_lost') end  -- they never met
elseif is.state == 'ringing' then
  end_offer(is.offer, offer, 'missed')
elseif is.state == 'available' or is.state == 'wrapping_up' or resting then
  volunteer_changed(person, stand(person))
else
  return answer('gone')
end
return answer('ok')
