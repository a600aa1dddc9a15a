-- away | wrapping_up -> available | away. In a call it only remembers that more are wanted.
-- keys: deadlines volunteer
-- args: volunteer
-- returns: ok | suspended | unknown
local roster, is = roster_of(volunteer), volunteer_of(volunteer)
if not roster.languages then return answer('unknown') end
if roster.suspended == '1' then return answer('suspended') end
local state = is.state or 'away'
-- Who says so is there, however long ago their page beat.
redis.call('ZADD', K.deadlines(), 'GT', now + L.LEASE, 'volunteer:' .. volunteer)
redis.call('HDEL', K.volunteer(volunteer), 'hold_ms', 'passed')
local idle = state == 'away' or state == 'wrapping_up'
if is.taking == '1' and not idle and is.reach == 'page' then return answer('ok') end
if idle then
  is = stand(volunteer, free({ taking = '1', off = '', misses = 0, fresh_ms = now }))
  watch_hours(volunteer, roster)
elseif state == 'available' then
  is = stand(volunteer, { taking = '1', off = '' })
else
  is = set_volunteer(volunteer, state, { taking = '1', off = '' })
end
volunteer_changed(volunteer, is)
return answer('ok')
