-- waiting | ringing | parked -> ringing | parked. One Wave: every Volunteer named is checked again.
-- keys: waiting circle offer offers asked hungry help
-- args: help_request wave offers
-- returns: ok | gone | stale | nobody
local help = help_of(help_request)
if not redis.call('ZSCORE', K.waiting(), help_request) then return answer('gone') end
if help.wave ~= wave then return answer('stale') end
if help.hold_ms and tonumber(help.hold_ms) <= now then return answer('nobody') end

local alone = is_alone(help)

local function may_be_asked(id, roster)
  if alone then return id == help.first and is_open_to(id, roster, help) end
  if help.among == 'circle' then return redis.call('SISMEMBER', K.circle(help.requester), id) == 1 end
  return is_open_to(id, roster, help)
end

local function life_of(reach, roster)
  if reach == 'push' then return L.PUSH, L.PUSH_SHOWN end
  local shown = math.min(tonumber(roster.ring_ms or L.OFFER_SHOWN), L.RING_MOST)
  return shown + L.OFFER_SPARE, shown
end

local made, people = {}, { help.requester }
for _, pair in ipairs(words(offers)) do
  local id, volunteer = string.match(pair, '^(%x+):(%x+)$')
  local is, roster = volunteer_of(volunteer), roster_of(volunteer)
  if can_ring(volunteer, is, roster) and (alone or understands(roster, help.languages)) and may_be_asked(volunteer, roster)
    and not blocked(help.requester, volunteer) then
    local reach = reach_of(volunteer, is, roster)
    local life, shown = life_of(reach, roster)
    redis.call('HSET', K.offer(id), 'state', 'pending', 'help_request', help_request,
      'volunteer', volunteer, 'n', help.n, 'made_ms', now, 'deadline_ms', now + life,
      'life_ms', life, 'life_shown_ms', shown, 'reach', reach, 'languages', help.languages, 'again', alone and '1' or '0')
    redis.call('PEXPIRE', K.offer(id), T.offer)
    redis.call('SADD', K.offers(help_request), id)
    redis.call('HSET', K.asked(help_request), volunteer, 'pending:' .. int(now))
    set_volunteer(volunteer, 'ringing', { offer = id, help_request = help_request, next_ms = 0, why = '' },
      is, roster)
    undue('next', volunteer)
    due('offer', id, now + life)
    made[#made + 1] = table.concat({ id, volunteer, int(now + life), reach }, ':')
    people[#people + 1] = volunteer
  end
end
if #made == 0 then return answer('nobody') end
redis.call('ZREM', K.hungry(), help_request)
redis.call('PEXPIRE', K.offers(help_request), T.offers)
redis.call('PEXPIRE', K.asked(help_request), T.asked)
help.asked = redis.call('HLEN', K.asked(help_request))
help.state = help.state == 'parked' and 'parked' or 'ringing'
-- Whoever was wanted again has their moment, and not a whole Wave beyond it.
local till = alone and math.min(now + L.WAVE, tonumber(help.first_ms)) or now + L.WAVE
redis.call('HSET', K.help(help_request), 'state', help.state, 'wave', wave + 1,
  'wave_ms', till, 'asked', help.asked)
due('wave', help_request, till)
emit('offers.made', told_of(help_request, help, {
  wave = wave + 1, made_ms = now, again = alone and '1' or '0', offers = table.concat(made, ' '),
}), people)
return answer('ok', { made = #made })
