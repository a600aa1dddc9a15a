-- away | wrapping_up -> available. In a call it only remembers that more are wanted.
-- keys: roster deadlines volunteer
-- args: volunteer
-- returns: ok | suspended | unknown
local roster = hash(K.roster(volunteer))
if not roster.languages then return answer('unknown') end
if roster.suspended == '1' then return answer('suspended') end
local is = volunteer_of(volunteer)
local state = is.state or 'away'
if is.taking == '1' and (state == 'available' or state == 'ringing' or state == 'in_call') then
  return answer('ok')
end
if state == 'away' or state == 'wrapping_up' then
  state = 'available'
  -- Who says so is there, however long ago their page beat.
  redis.call('ZADD', K.deadlines(), 'GT', now + L.LEASE, 'volunteer:' .. volunteer)
  set_volunteer(volunteer, state, { taking = 1, fresh_ms = now, offer = '', help_request = '', call = '' })
  redis.call('HDEL', K.volunteer(volunteer), 'hold_ms')
else
  redis.call('HSET', K.volunteer(volunteer), 'taking', 1)
end
emit('volunteer.changed', { volunteer = volunteer, state = state, taking = 1, at_ms = now }, { volunteer })
return answer('ok')
