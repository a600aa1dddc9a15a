-- wrapping_up -> available. The moment for the two questions is over by itself.
-- keys:
-- args: volunteer
-- returns: ok | gone
local is = volunteer_of(volunteer)
if is.state ~= 'wrapping_up' or not is_due('wrap', volunteer) then
  if is.state ~= 'wrapping_up' then undue('wrap', volunteer) end
  return answer('gone')
end
set_volunteer(volunteer, 'available', { fresh_ms = now })
emit('volunteer.changed', { volunteer = volunteer, state = 'available', taking = 1, at_ms = now }, { volunteer })
return answer('ok')
