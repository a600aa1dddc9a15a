-- available | ringing | wrapping_up -> away. A ring counts as "Not now"; a call goes on.
-- keys: volunteer offer
-- args: volunteer
-- returns: ok
local is = volunteer_of(volunteer)
if not is.state or is.taking ~= '1' then return answer('ok') end
redis.call('HSET', K.volunteer(volunteer), 'taking', '0', 'off', 'chosen')
if is.state == 'ringing' then
  end_offer(is.offer, hash(K.offer(is.offer)), 'declined')
  return answer('ok')
end
if is.state == 'in_call' then is.taking = '0' else is = stand(volunteer) end
volunteer_changed(volunteer, is)
return answer('ok')
