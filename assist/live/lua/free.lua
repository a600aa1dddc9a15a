-- (read) How many could be asked now if this Volunteer handed over with this language or topic?
-- keys: asked available circle
-- args: help_request volunteer language topic
-- returns: ok | gone | not_yours
local help = help_of(help_request)
if help.state ~= 'in_call' or help.practice == '1' then return answer('gone') end
if help.volunteer ~= volunteer then return answer('not_yours') end
ask_differently(help, language, topic)

-- Nobody who thinks of leaving needs to know of more; and Redis serves nobody else meanwhile. Read are
-- the circle, and of the lists so many, and besides only who is found there in vain: whom a block
-- parts, who was asked before, and whose page or hours have changed since the last sweep.
local MOST, PAGE = 20, 32
local seen, found, fit = {}, 0, 0

-- What `standing` and `offer` would ask of each, whatever the tier: all of them are come to in the end.
local function count(id)
  if seen[id] then return end
  seen[id] = true
  local is, roster = volunteer_of(id), roster_of(id)
  if not understands(roster, help.languages) or not likes(roster, condition_of(help))
    or not can_ring(id, is, roster) or blocked(help.requester, id) then return end
  local past = redis.call('HGET', K.asked(help_request), id)
  if past and not may_repeat(past, is) then return end
  found = found + 1
  if likes(roster, help.topic) then fit = fit + 1 end
end

local function count_list(list)
  local at, page = 0, nil
  repeat
    page = redis.call('ZRANGE', K.available(list), at, at + PAGE - 1)
    for _, id in ipairs(page) do
      if found >= MOST then return end
      count(id)
    end
    at = at + PAGE
  until #page < PAGE
end

-- Who knows of it is counted first, as long as there is room for them.
local function topics()
  if help.topic == '' then return { 'all' } end
  if condition_of(help) == '' then return { help.topic, 'any', 'all' } end
  return { help.topic, 'any' }
end

if help.among ~= 'anyone' then
  for _, id in ipairs(redis.call('SMEMBERS', K.circle(help.requester))) do count(id) end
end
if help.among ~= 'circle' then
  for _, topic_list in ipairs(topics()) do
    for _, spoken in ipairs(words(help.languages)) do
      for _, reach in ipairs({ 'page', 'push' }) do
        count_list(table.concat({ spoken, reach, topic_list }, '.'))
      end
    end
  end
end
return answer('ok', { free = math.min(found, MOST), fit = math.min(fit, MOST) })
