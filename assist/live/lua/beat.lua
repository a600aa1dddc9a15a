-- (lease) Renew the leases of many pages at once; no transition. Answers each one's last number.
-- keys: deadlines requester help volunteer seq
-- args: pages
-- returns: ok
local function renew(kind, id, long)
  local lease = long and L.LEASE_KEPT or L.LEASE
  redis.call('ZADD', K.deadlines(), 'XX', now + lease, kind .. ':' .. id)
end

-- Hidden: kept for longer, but rung (or ringing others) only for a moment more.
local function hold(key, hidden, held)
  if hidden and not held then redis.call('HSET', key, 'hold_ms', now + L.HIDDEN_RUNG)
  elseif held and not hidden then redis.call('HDEL', key, 'hold_ms') end
end

local numbers = {}
for _, page in ipairs(words(pages)) do
  local kind, id, hidden = string.match(page, '^(%a+):(%x+):(%d)$')
  hidden = hidden == '1'
  if kind == 'requester' then
    local open = redis.call('GET', K.requester(id))
    if open then
      local is = redis.call('HMGET', K.help(open), 'state', 'hold_ms')
      local state = is[1]
      renew(kind, id, hidden or state == 'connecting' or state == 'in_call')
      -- A parked one waits without a page: a hidden one must not keep it from being offered.
      if state ~= 'parked' and state ~= 'confirming' then hold(K.help(open), hidden, is[2]) end
    end
  else
    local is = redis.call('HMGET', K.volunteer(id), 'state', 'taking', 'hold_ms')
    local state = is[1]
    -- Asleep or snoozing by their own wish, they are here all the same.
    if state and (state ~= 'away' or is[2] == '1') then
      renew(kind, id, hidden or state == 'in_call')
      hold(K.volunteer(id), hidden, is[3])
    end
  end
  numbers[#numbers + 1] = tonumber(redis.call('GET', K.seq(id)) or 0)
end
return answer('ok', { seqs = numbers, now_ms = now })
