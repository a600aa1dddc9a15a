-- (roster) What matching must know of a Volunteer, copied from SQL.
-- keys: roster available volunteer
-- args: volunteer languages
-- returns: ok
local before = redis.call('HGET', K.roster(volunteer), 'languages')
if before ~= languages then
  for _, language in ipairs(words(before)) do redis.call('ZREM', K.available(language), volunteer) end
end
redis.call('HSET', K.roster(volunteer), 'languages', languages)
index(volunteer, redis.call('HGET', K.volunteer(volunteer), 'state'))
return answer('ok')
