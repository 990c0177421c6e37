-- wrk -s wrk.lua URL -- FILE: sends GET requests, each with the next cookie of the file, and prints the result as a line
-- of JSON.
local requests = {}
local at = 0

function init(arguments)
  for cookie in io.lines(arguments[1]) do
    wrk.headers["cookie"] = cookie
    requests[#requests + 1] = wrk.format()
  end
  math.randomseed(os.time())
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"rate":%f,"median":%f,"tail":%f,"refused":%d,"size":%f,"count":%d}\n',
    1e6 * summary.requests / summary.duration,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.bytes / math.max(summary.requests, 1),
    summary.requests
  ))
end
