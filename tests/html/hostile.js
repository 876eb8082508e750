// A report in which everything that a server, a file or a user may have said tries to be markup.
'use strict';

const TRICKS = [
  '<script>window.broken = 1</script>',
  '"><img src=x onerror="window.broken = 1">',
  '\' onmouseover=\'window.broken = 1\' x=\'',
  '</style></script></noscript></title></textarea><svg onload=window.broken=1>',
  '<a href="javascript:window.broken=1">press</a>',
  '<!-- --><iframe src="https://elsewhere.example/"></iframe><link rel=stylesheet href=https://elsewhere.example/>',
  '&lt;b&gt; &#60;script&#62; \u2028\u2029 \u202e \u0000 {{x}} ${x} `x`',
];

// Words that the format fixes: another one would make it another report.
const FIXED = new Set(['format', 'mode', 'until', 'span_id', 'parent_span_id', 'trace_id', 'node', 'outcome', 'reason', 'verdict',
  'kind', 'provenance', 'direction', 'severity', 'certainty', 'started_at', 'stopped_at', 'branch', 'id']);

let next = 0;
function rewritten(value, key) {
  if (Array.isArray(value)) return key === 'waited_for' || (key === 'evidence' && typeof value[0] === 'string') ? value : value.map((one) => rewritten(one, key));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, FIXED.has(name) ? inner : rewritten(inner, name)]));
  return typeof value === 'string' ? value + TRICKS[next++ % TRICKS.length] : value;
}

// The subjects of root causes and of their findings stay the same text, so that the answer shows them.
exports.hostile = (report) => {
  next = 0;
  const tricked = rewritten(report, '');
  const subject = TRICKS[1] + TRICKS[3];
  for (const cause of tricked.result.root_causes) cause.subject = subject;
  for (const finding of tricked.findings)
    if (tricked.result.root_causes.some((cause) => cause.id === finding.id)) finding.subject = subject;
  return tricked;
};
