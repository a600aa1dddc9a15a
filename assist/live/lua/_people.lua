-- What a Volunteer does, and the indexes that matching reads; these never disagree.

local function volunteer_of(id) return hash(K.volunteer(id)) end

local function index(id, state)
  local roster = hash(K.roster(id))
  for _, language in ipairs(words(roster.languages)) do
    if state == 'available' then
      redis.call('ZADD', K.available(language), roster.last_call_ms or 0, id)
    else
      redis.call('ZREM', K.available(language), id)
    end
  end
end

local function set_volunteer(id, state, fields)
  local flat = { 'state', state, 'since_ms', now }
  for name, value in pairs(fields or {}) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
  end
  redis.call('HSET', K.volunteer(id), unpack(flat))
  redis.call('PEXPIRE', K.volunteer(id), T.volunteer)
  index(id, state)
  undue('wrap', id)
  if state == 'away' then
    redis.call('ZREM', K.present(), id)
    undue('volunteer', id)
  else
    redis.call('ZADD', K.present(), now, id)
  end
end

-- After a ring or a call that came to nothing: free again, or away if they wanted no more.
local function release(id)
  local taking = redis.call('HGET', K.volunteer(id), 'taking') or '0'
  local state = taking == '1' and 'available' or 'away'
  set_volunteer(id, state, { offer = '', help_request = '', call = '' })
  return state, taking
end

-- After a call that took place: a moment for the two questions first.
local function wrap_up(id)
  local taking = redis.call('HGET', K.volunteer(id), 'taking') or '0'
  local state = taking == '1' and 'wrapping_up' or 'away'
  set_volunteer(id, state, { offer = '', help_request = '', call = '' })
  if taking == '1' then due('wrap', id, now + L.WRAP_UP) end
  return state, taking
end

-- May this Volunteer's phone ring now? Leased, on the screen, not suspended.
local function can_ring(id, volunteer)
  local lease = redis.call('ZSCORE', K.deadlines(), 'volunteer:' .. id)
  return volunteer.state == 'available'
    and lease and tonumber(lease) > now
    and (not volunteer.hold_ms or tonumber(volunteer.hold_ms) > now)
    and redis.call('HGET', K.roster(id), 'suspended') ~= '1'
end

local function blocked(one, other)
  return redis.call('SISMEMBER', K.blocks(one), other) == 1
end

local function block(one, other)
  redis.call('SADD', K.blocks(one), other)
  redis.call('SADD', K.blocks(other), one)
end
