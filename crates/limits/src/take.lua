-- Counts one time on KEYS[1], unless ARGV[1] times were accepted within the last ARGV[2] milliseconds.
-- The key is a list of accepted times, newest first; ring.rs is the same in Rust. ARGV[3] is a time that tests set.
-- Answers {1, remaining, reset, stamp} or {0, 0, reset, 0}.
local key, max, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local over = now - window
-- Lua alone would write a large number with 14 digits.
local stamp = string.format('%.0f', now)

local function at(index)
  return tonumber(redis.call('LINDEX', key, index) or nil)
end

-- A clock that went back (or another master's) must not make entries live longer than a window from now.
local ahead, newest = 0, at(0)
while newest and newest > now do
  redis.call('LSET', key, ahead, stamp)
  ahead = ahead + 1
  newest = at(ahead)
end

local nth = at(max - 1)
if nth and nth > over then
  return {0, 0, nth + window - now, 0}
end

-- The entries within the window come first: find how many. Nearly always all of them are.
local length = redis.call('LLEN', key)
local counted, oldest = 0, now
if length > 0 then
  local last = at(-1)
  if last > over then
    counted, oldest = length, last
  else
    local low, high = 0, math.min(length, max) - 1
    while low < high do
      local middle = math.floor((low + high) / 2)
      if at(middle) > over then low = middle + 1 else high = middle end
    end
    counted = low
    if low > 0 then oldest = at(low - 1) end
  end
end

redis.call('LPUSH', key, stamp)
-- What falls out here has left the window, whatever max was before.
if length >= max then redis.call('LTRIM', key, 0, max - 1) end
redis.call('PEXPIRE', key, window)
return {1, max - counted - 1, oldest + window - now, now}
