-- wrapping_up -> available | away. The moment for the two questions is over by itself.
-- keys:
-- args: volunteer
-- returns: ok | gone
local is = volunteer_of(volunteer)
if is.state ~= 'wrapping_up' or not is_due('wrap', volunteer) then
  if is.state ~= 'wrapping_up' then undue('wrap', volunteer) end
  return answer('gone')
end
volunteer_changed(volunteer, stand(volunteer, { fresh_ms = now }))
return answer('ok')
