-- (read) Who could be asked now, longest idle first: the fresh, else those who may be asked again.
-- keys: waiting asked available
-- args: help_request limit
-- returns: ok | gone
local help = help_of(help_request)
if not redis.call('ZSCORE', K.waiting(), help_request) then return answer('gone') end
limit = tonumber(limit)

-- Asked before in this HelpRequest: only a minute after a miss, or, after "Not now", once they
-- have made themselves available anew.
local function may_repeat(past, volunteer)
  local outcome, at = string.match(past, '^(%a+):(%d+)$')
  if outcome == 'declined' then return tonumber(volunteer.fresh_ms or 0) > tonumber(at) end
  return outcome ~= 'missed' or now - tonumber(at) >= L.MISSED_REST
end

local fresh, again, seen = {}, {}, {}
local function consider(id)
  local volunteer = volunteer_of(id)
  if seen[id] or not can_ring(id, volunteer) or blocked(help.requester, id) then return end
  seen[id] = true
  local past = redis.call('HGET', K.asked(help_request), id)
  if not past then fresh[#fresh + 1] = id
  elseif may_repeat(past, volunteer) then again[#again + 1] = id end
end

for _, language in ipairs(words(help.languages)) do
  local at = 0
  while #fresh < limit do
    local page = redis.call('ZRANGE', K.available(language), at, at + 63)
    for _, id in ipairs(page) do consider(id) end
    if #page < 64 then break end
    at = at + 64
  end
end
local chosen = #fresh > 0 and fresh or again
return answer('ok', {
  state = help.state, wave = tonumber(help.wave), wave_ms = tonumber(help.wave_ms), now_ms = now,
  held = help.hold_ms and tonumber(help.hold_ms) <= now or false,
  since_ms = tonumber(help.since_ms), volunteers = table.concat(chosen, ' ', 1, math.min(#chosen, limit)),
})
