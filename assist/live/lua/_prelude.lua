-- What every script stands on: the clock, hashes as tables, the answer and the one Event.

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function int(value) return string.format('%.0f', value) end

local function hash(key)
  local flat, found = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end

local function words(text)
  local found = {}
  for word in string.gmatch(text or '', '%S+') do found[#found + 1] = word end
  return found
end

local function answer(is, more)
  more = more or {}
  more['is'] = is
  return cjson.encode(more)
end

local function due(kind, id, at) redis.call('ZADD', K.deadlines(), at, kind .. ':' .. id) end
local function undue(kind, id) redis.call('ZREM', K.deadlines(), kind .. ':' .. id) end

-- True when this deadline stands in the set and has passed: what a late worker finds done is left.
local function is_due(kind, id)
  local at = redis.call('ZSCORE', K.deadlines(), kind .. ':' .. id)
  return at and tonumber(at) <= now
end

-- The one Event of a transition. Each person concerned counts one up; the Event carries the
-- numbers, so that a page notices a message that got lost on the way.
local function emit(kind, fields, people)
  local seqs, any = {}, false
  for _, person in ipairs(people) do
    if person and person ~= '' and not seqs[person] then
      seqs[person] = redis.call('INCR', K.seq(person))
      redis.call('PEXPIRE', K.seq(person), T.seq)
      any = true
    end
  end
  local flat = { 'type', kind, 'seqs', any and cjson.encode(seqs) or '{}' }
  for name, value in pairs(fields) do
    flat[#flat + 1] = name
    flat[#flat + 1] = type(value) == 'number' and int(value) or (value or '')
  end
  redis.call('XADD', K.events(), '*', unpack(flat))
end
