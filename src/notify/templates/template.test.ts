import assert from "node:assert/strict";
import { test } from "node:test";
import { TemplateFault } from "./fault.ts";
import { toTemplate } from "./template.ts";
import { Struct, toValue } from "./value.ts";

const alert = (name: string, value: number, tags: string[]) =>
  new Struct({ ResourceName: name, Value: value, Tags: tags });
const DATA = new Struct({
  Message: "CPU is high",
  Level: "critical",
  Type: "cpu",
  Odd: '"it\'s" <b>&=\n\té☃',
  Value: 97.25,
  Whole: 97,
  Million: 1e6,
  Below: 999_999.5,
  Small: 0.00001,
  AlertCount: 3n,
  Acknowledged: false,
  Tags: ["web", "prod", "eu"],
  Empty: [],
  Metadata: toValue({ os: "debian", limits: { cpu: 2.5, mem: "4G" }, none: null }),
  Alerts: [alert("web-1", 97.25, ["a", "b"]), alert("db-1", 88, [])],
});

/** What Go 1.26 makes of the same templates and the same data. */
const AS_GO: readonly (readonly [name: string, template: string, expected: string])[] = [
  ["plain text stays", "no action at all", "no action at all"],
  ["a field", "{{.Message}}", "CPU is high"],
  ["a float64 as it is", "{{.Value}}", "97.25"],
  ["a float64 that is whole has no decimals", "{{.Whole}}", "97"],
  ["a million has an exponent", "{{.Million}}", "1e+06"],
  ["just below a million has none", "{{.Below}}", "999999.5"],
  ["a small number has an exponent", "{{.Small}}", "1e-05"],
  ["an int", "{{.AlertCount}}", "3"],
  ["a bool", "{{.Acknowledged}}", "false"],
  ["a list", "{{.Tags}}", "[web prod eu]"],
  ["a map, by its keys", "{{.Metadata}}", "map[limits:map[cpu:2.5 mem:4G] none:<nil> os:debian]"],
  ["a key of a map", "{{.Metadata.os}}", "debian"],
  ["a key of a map in a map", "{{.Metadata.limits.cpu}}", "2.5"],
  ["a key that a map has not", "{{.Metadata.missing}}", "<no value>"],
  ["nil in a map", "{{.Metadata.none}}", "<no value>"],
  [
    "printf rounds ties of the binary value to even",
    '{{printf "%.1f" 2.25}} {{printf "%.1f" 2.35}} {{printf "%.0f" 2.5}} {{printf "%.0f" 3.5}}',
    "2.2 2.4 2 4",
  ],
  ["printf with one decimal", '{{printf "%.1f" .Value}}', "97.2"],
  ["printf f has six decimals", '{{printf "%f" .Value}}', "97.250000"],
  ["printf d on a float64", '{{printf "%d" .Value}}', "%!d(float64=97.25)"],
  ["printf s on an int", '{{printf "%s" .AlertCount}}', "%!s(int=3)"],
  [
    "printf d on an int, in its column",
    '[{{printf "%5d|%-5d|%05d|%+d" .AlertCount .AlertCount .AlertCount .AlertCount}}]',
    "[    3|3    |00003|+3]",
  ],
  [
    "printf v of all kinds",
    '{{printf "%v %v %v %v" .Message .Value .AlertCount .Acknowledged}}',
    "CPU is high 97.25 3 false",
  ],
  ["printf q", '{{printf "%q" .Odd}}', '"\\"it\'s\\" <b>&=\\n\\té☃"'],
  ["printf e and g", '{{printf "%e %g %.2e %.3g" .Value .Value .Value .Value}}', "9.725000e+01 97.25 9.72e+01 97.2"],
  ["printf x of an int and of a text", '{{printf "%x %X %x" 255 255 "hi"}}', "ff FF 6869"],
  ["printf t, c, U, b, o", '{{printf "%t %c %U %b %o" true 65 9731 5 8}}', "true A U+2603 101 10"],
  ["printf of a percent sign", '{{printf "%d%%" 97}}', "97%"],
  ["printf with an operand missing", '{{printf "%s and %s" "one"}}', "one and %!s(MISSING)"],
  ["printf with an operand too many", '{{printf "%s" "one" 2}}', "one%!(EXTRA int=2)"],
  ["printf with an unknown verb", '{{printf "%z" 3}}', "%!z(int=3)"],
  ["printf that ends in a percent sign", '{{printf "100%"}}', "100%!(NOVERB)"],
  ["printf T", '{{printf "%T %T %T %T" "a" 1 1.5 true}}', "string int float64 bool"],
  ["printf of nil", '{{printf "%v" .Metadata.none}}', "<nil>"],
  ["printf with a width from the operands", '[{{printf "%*d" 4 7}}]', "[   7]"],
  ["printf s with a precision", '{{printf "%.3s" "abcdef"}}', "abc"],
  ["printf s in a column", '[{{printf "%6s|%-6s" "abc" "abc"}}]', "[   abc|abc   ]"],
  ["printf of a list", '{{printf "%v %s" .Tags .Tags}}', "[web prod eu] [web prod eu]"],
  ["printf with negative zero and signs", '{{printf "%+.1f % d" 1.25 5}}', "+1.2  5"],
  ["printf pads numbers with zeros", '{{printf "%08.2f" -3.14159}}', "-0003.14"],
  ["upper, lower, title", '{{.Type | upper}} {{.Level | title}} {{lower "ABC"}}', "CPU Critical abc"],
  ["title after all that is no letter", '{{title "zfs-state of it\'s_a web1"}}', "Zfs-State Of It'S_a Web1"],
  ["a pipe gives the last argument", '{{.Value | printf "%s %.1f" "at"}}', "at 97.2"],
  ["a pipe of three", '{{"abc" | printf "%s-%s" "x" | upper}}', "X-ABC"],
  ["if", "{{if .Acknowledged}}yes{{end}}{{if .Message}}text{{end}}", "text"],
  ["if else", "{{if .Acknowledged}}a{{else}}b{{end}}", "b"],
  ["else if", '{{if eq .Level "warning"}}w{{else if eq .Level "critical"}}c{{else}}o{{end}}', "c"],
  [
    "zero, empty and nil are false",
    '{{if 0}}1{{end}}{{if ""}}2{{end}}{{if .Metadata.none}}3{{end}}{{if .Empty}}4{{end}}{{if 0.0}}5{{end}}none',
    "none",
  ],
  ["range", "{{range .Tags}}[{{.}}]{{end}}", "[web][prod][eu]"],
  [
    "range with index and element",
    "{{range $i, $e := .Tags}}{{if $i}}, {{end}}{{$i}}={{$e}}{{end}}",
    "0=web, 1=prod, 2=eu",
  ],
  ["range with one variable has the element", "{{range $e := .Tags}}{{$e}};{{end}}", "web;prod;eu;"],
  ["range over nothing", "{{range .Empty}}x{{else}}nothing{{end}}", "nothing"],
  ["range over a map goes by its keys", "{{range $k, $v := .Metadata.limits}}{{$k}}:{{$v}} {{end}}", "cpu:2.5 mem:4G "],
  ["range over structs", "{{range .Alerts}}{{.ResourceName}}={{.Value}} {{end}}", "web-1=97.25 db-1=88 "],
  ["range over an int", "{{range 3}}{{.}}{{end}}", "012"],
  [
    "break and continue",
    "{{range $i, $e := .Tags}}{{if eq $i 0}}{{continue}}{{end}}{{if eq $i 2}}{{break}}{{end}}{{$e}}{{end}}",
    "prod",
  ],
  ["with", "{{with .Metadata.limits}}{{.cpu}}{{end}}", "2.5"],
  ["with else", "{{with .Metadata.none}}x{{else}}{{.Level}}{{end}}", "critical"],
  ["with a variable", "{{with $x := .Level}}{{$x}}{{end}}", "critical"],
  ["a variable", "{{$x := .Value}}{{$x}}", "97.25"],
  ["a variable is set in a range", '{{$last := ""}}{{range .Tags}}{{$last = .}}{{end}}{{$last}}', "eu"],
  ["$ is the whole", "{{range .Tags}}{{$.Level}} {{end}}", "critical critical critical "],
  ["a variable of a field", "{{$m := .Metadata}}{{$m.limits.cpu}}", "2.5"],
  [
    "comparisons",
    '{{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 1.5 1.5}} {{ne "a" "b"}} {{eq "a" "a"}}',
    "true true false true true true",
  ],
  ["eq with several", '{{eq .Level "warning" "critical"}}', "true"],
  ["texts are compared by their bytes", '{{lt "Z" "a"}} {{gt "é" "z"}}', "true true"],
  [
    "and, or, not",
    '{{and true .Level}} {{or "" "b"}} {{not true}} {{and 0 .Level}} {{or 0 ""}}.',
    "critical b false 0 .",
  ],
  ["and stops at the first that is false", "{{and .Metadata.none .Metadata.none.deeper}}", "<no value>"],
  ["len counts bytes", '{{len .Tags}} {{len "é"}} {{len .Metadata.limits}}', "3 2 2"],
  [
    "index of a list and of a map",
    '{{index .Tags 1}} {{index .Metadata "os"}} {{index .Metadata "limits" "cpu"}} {{index .Metadata "missing"}}',
    "prod debian 2.5 <no value>",
  ],
  ["slice", '{{slice .Message 0 3}} {{slice .Tags 1}} {{slice "abcdef" 2 4}}', "CPU [prod eu] cd"],
  ["print puts spaces between what is no text", '{{print 1 2 "a" "b" 3 true}}', "1 2ab3 true"],
  ["println", '{{println 1 "a" .Value}}', "1 a 97.25\n"],
  ["html", "{{html .Odd}}", "&#34;it&#39;s&#34; &lt;b&gt;&amp;=\n\té☃"],
  ["js", "{{js .Odd}}", '\\"it\\\'s\\" \\u003Cb\\u003E\\u0026\\u003D\\u000A\\u0009é☃'],
  ["urlquery", '{{urlquery "a b&c=d/é~!\'()*"}}', "a+b%26c%3Dd%2F%C3%A9~%21%27%28%29%2A"],
  ["a comment", "a{{/* not shown */}}b", "ab"],
  ["a comment that trims", "a {{- /* not shown */ -}} b", "ab"],
  ["trim markers", "a  {{- .Level -}}  b", "acriticalb"],
  ["trim markers eat line breaks", '[\n{{- "x" -}}\n]', "[x]"],
  ["a minus without a space is a sign", "{{-3}}", "-3"],
  ["parentheses", '{{printf "%d" (len .Tags)}} {{(index .Alerts 0).ResourceName}}', "3 web-1"],
  ["texts in backquotes", '{{`a "raw" \\n text`}}', 'a "raw" \\n text'],
  ["escapes in texts", '{{"tab\\tquote\\"uni\\u00e9"}}', 'tab\tquote"unié'],
  ["a character is an int", "{{'a'}}", "97"],
  ["numbers of all kinds", "{{0x10}} {{1_000}} {{1e3}} {{0b101}} {{017}} {{.5}}", "16 1000 1000 5 15 0.5"],
  ["an action over several lines", '{{ printf\n"%s"\n.Level }}', "critical"],
  ["braces in a text", '{{"}}"}}', "}}"],
  ["a nested range", "{{range .Alerts}}{{range .Tags}}{{.}}{{end}};{{end}}", "ab;;"],
  ["else of a range in an if", "{{if true}}{{range .Empty}}{{else}}e{{end}}{{else}}f{{end}}", "e"],
  ["else with", "{{with .Metadata.none}}a{{else with .Level}}{{.}}{{end}}", "critical"],
  ["dot", "{{with 3}}{{.}}{{end}}", "3"],
  ["a Unicode field and text", '{{"ü" | upper}}', "Ü"],
  ["printf width counts characters", '[{{printf "%4s" "é"}}]', "[   é]"],
  ["large and small with f and g", '{{printf "%.2f %g %v" 123456789.125 100000.0 1e21}}', "123456789.12 100000 1e+21"],
  ["printf # and hexadecimal", '{{printf "%#x %#o" 255 8}}', "0xff 010"],
  ["printf of a bool with s", '{{printf "%s" true}}', "%!s(bool=true)"],
  ["printf of a text with d", '{{printf "%d" "x"}}', "%!d(string=x)"],
  ["printf v in a column", '[{{printf "%8v|%-8v|" .Value true}}]', "[   97.25|true    |]"],
  ["printf q of a control character and of Unicode", '{{printf "%q" "a\\x01é\\u2028"}}', '"a\\x01é\\u2028"'],
  ["printf 6.2f in a column", '[{{printf "%6.2f|%-8.1f|%6.0f" 3.14159 2.25 97.5}}]', "[  3.14|2.2     |    98]"],
  ["printf of a large int", '{{printf "%d" 9007199254740993}}', "9007199254740993"],
  ["printf v takes no sign", '{{printf "%+v %+.1f" 97.25 97.25}}', "97.25 +97.2"],
  [
    "printf keeps the column of what does not go with its verb",
    '{{printf "%06d|%.1s|%8d" -698.0 2.25 "x"}}',
    "%!d(float64=-00698)|%!s(float64=2)|%!d(string=       x)",
  ],
  ["printf of an int with a precision", '{{printf "[%05.3x|%.0d|%+05x]" 255 0 255}}', "[  0ff||+00ff]"],
  ["printf q of a character", '{{printf "%q %q %q" 97 1 39}}', "'a' '\\x01' '\\''"],
  ["not of a list", "{{not .Empty}} {{not .Tags}}", "true false"],
];

for (const [name, template, expected] of AS_GO)
  test(`as Go: ${name}`, () => assert.equal(toTemplate(template).render(DATA).text, expected));

/** What Go refuses, too. */
const FAULTS: readonly (readonly [name: string, template: string, message: RegExp])[] = [
  ["a field that a struct has not", "{{.Nope}}", /^line 1, column \d+: /],
  ["a field of a text", "{{.Level.x}}", /^line 1, column \d+: /],
  ["a key of what a map has not", "{{.Metadata.none.x}}", /^line 1, column \d+: /],
  ["an int and a float64 are not compared", "{{gt .Value 90}}", /^line 1, column \d+: /],
  ["a text and an int are not compared", "{{eq .Level 1}}", /^line 1, column \d+: /],
  ["lists have no order", "{{lt .Tags .Tags}}", /^line 1, column \d+: /],
  ["upper of a number", "{{upper 3}}", /^line 1, column \d+: /],
  ["index out of range", "{{index .Tags 9}}", /^line 1, column \d+: /],
  ["len of a number", "{{len 3}}", /^line 1, column \d+: /],
  ["range over a text", "{{range .Level}}{{end}}", /^line 1, column \d+: /],
  ["range over a float64", "{{range .Value}}{{end}}", /^line 1, column \d+: /],
  ["an unknown function", "{{nope 1}}", /^line 1, column \d+: /],
  ["an unknown variable", "{{$x}}", /^line 1, column \d+: /],
  ["an if without its end", "{{if true}}", /^line 1, column \d+: /],
  ["an end without anything", "{{end}}", /^line 1, column \d+: /],
  ["an action that is not closed", "{{.Level", /^line 1, column \d+: /],
  ["a text that is not closed", '{{"abc}}', /^line 1, column \d+: /],
  ["nothing in an action", "{{}}", /^line 1, column \d+: /],
  ["a constant with an argument", "{{1 2}}", /^line 1, column \d+: /],
  ["a pipe into a field", "{{1 | .Level}}", /^line 1, column \d+: /],
  ["two elses", "{{if true}}{{else}}{{else}}{{end}}", /^line 1, column \d+: /],
  ["break outside of a range", "{{break}}", /^line 1, column \d+: /],
  ["a comment that is not closed", "{{/* x }}", /^line 1, column \d+: /],
  ["not enough arguments", "{{eq 1}}", /^line 1, column \d+: /],
  ["too many arguments", "{{not 1 2}}", /^line 1, column \d+: /],
  ["a slice that goes too far", "{{slice .Tags 1 9}}", /^line 1, column \d+: /],
  ["a variable of a range is gone behind it", "{{range $e := .Tags}}{{end}}{{$e}}", /^line 1, column \d+: /],
  ["nil alone", "{{nil}}", /^line 1, column \d+: /],
];

for (const [name, template, message] of FAULTS)
  test(`refused: ${name}`, () => {
    assert.throws(
      () => toTemplate(template).render(DATA),
      error => error instanceof TemplateFault && message.test(error.message),
    );
  });

const BOUNDS: readonly (readonly [name: string, template: string, message: RegExp])[] = [
  ["a range without end", "{{range 100000}}{{range 100000}}{{end}}{{end}}", /too many steps/],
  ["a text that doubles", `{{$x := "0123456789"}}${'{{$x = printf "%s%s" $x $x}}'.repeat(40)}`, /too long/],
  ["a column that is very wide", '{{printf "%999999999d" 1}}', /wider than 1000/],
  ["an output that is very long", `{{range 2000}}${"x".repeat(1000)}{{end}}`, /too long/],
  ["brackets in brackets", `{{${"(".repeat(60)}1${")".repeat(60)}}}`, /more than 50 levels/],
  ["ifs in ifs", `${"{{if true}}".repeat(60)}${"{{end}}".repeat(60)}`, /more than 50 levels/],
  ["define", '{{define "x"}}{{end}}', /\{\{define\}\} is not known here/],
];

for (const [name, template, message] of BOUNDS)
  test(`bounded: ${name}`, () => assert.throws(() => toTemplate(template).render(DATA), message));

const OURS: readonly (readonly [name: string, template: string, expected: string])[] = [
  [
    "default",
    '{{default "none" .Empty}} {{.Level | default "none"}} {{default "-" .Metadata.missing}}',
    "none critical -",
  ],
  ["join", '{{join ", " .Tags}} {{.Tags | join "-"}} {{join .Tags "+"}}', "web, prod, eu web-prod-eu web+prod+eu"],
  [
    "toJson",
    "{{toJson .Odd}} {{toJson .Tags}} {{.Metadata | toJson}} {{toJson .AlertCount}}",
    '"\\"it\'s\\" <b>&=\\n\\té☃" ["web","prod","eu"] {"limits":{"cpu":2.5,"mem":"4G"},"none":null,"os":"debian"} 3',
  ],
  ["clip", '{{clip 5 "abcdef"}} {{clip 6 "abcdef"}} {{"日本語" | clip 2}}', "abcd… abcdef 日…"],
];

for (const [name, template, expected] of OURS)
  test(`ours: ${name}`, () => assert.equal(toTemplate(template).render(DATA).text, expected));

test("what an action writes is escaped where that is asked for, but for what has been made ready", () => {
  const template = toTemplate('{{"<a>"}} <b> {{toJson "<c>"}} {{urlquery "<d>"}} {{1.5}}');
  assert.equal(template.render(DATA, text => text.toUpperCase()).text, '<A> <b> "<c>" %3Cd%3E 1.5');
});

test("a fault has its line and column, one about the output those of what wrote it", () => {
  assert.throws(() => toTemplate("one\n  {{.Nope}}").render(DATA), {
    message: "line 2, column 5: there is no field .Nope",
  });
  const rendered = toTemplate("abc\n{{.Level}}!").render(DATA);
  assert.equal(rendered.faultAt(rendered.text.indexOf("crit"), "x").message, "line 2, column 1: x");
});
