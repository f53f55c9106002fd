import { Markup } from "./markup.ts";

/** The page's only style sheet: one accent colour, figures of equal width, light and dark, print. */
export const style = new Markup(`
:root{color-scheme:light dark;--paper:#fff;--ink:#15191e;--soft:#59636e;--rule:#dfe3e8;--wash:#f5f7f9;--accent:#0b5a7d;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e6eaee;--soft:#a1abb6;--rule:#30373f;--wash:#1b2026;--accent:#74bde3}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,footer{max-width:1080px;margin:0 auto;padding:0 40px}
header{padding:56px 0 28px}
h1,h2{text-wrap:balance;line-height:1.2;font-weight:400;letter-spacing:-.01em}
h1{font-size:38px;margin:0 0 16px;max-width:24em}
h1 b{font-weight:650}
h2{font-size:25px;margin:0 0 14px;font-weight:600}
p{margin:0 0 14px;max-width:46em}
small,.note,.range,caption,figcaption,.key,.eyebrow,.tag{color:var(--soft)}
.eyebrow{font-size:14px;margin-bottom:22px}
.eyebrow span{white-space:nowrap;margin-right:22px}
.eyebrow span:first-child{font-weight:600;color:var(--ink)}
.lede{font-size:18px;color:var(--soft)}
section{padding:40px 0 12px;border-top:1px solid var(--rule);margin-top:28px}
nav{font-size:14px;line-height:2}
nav a{margin-right:16px;white-space:nowrap}
a{color:var(--accent);text-underline-offset:3px;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.badge{display:inline-block;font-size:13px;font-weight:600;line-height:1.5;padding:1px 9px;border-radius:99px;background:var(--accent);color:var(--paper);white-space:nowrap}
.badge.missed{background:none;color:var(--ink);box-shadow:inset 0 0 0 1.5px var(--ink)}
.verdict{margin-bottom:8px}
.verdict .badge{margin-right:6px;font-size:14px}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:28px;margin:34px 0 30px}
.tiles>div{border-top:2px solid var(--accent);padding-top:12px}
.tiles dt{font-size:14px;font-weight:600}
.tiles dd{margin:4px 0 0}
.tiles dd>.why{display:block;font-size:32px;line-height:1.25;letter-spacing:-.01em;text-decoration:none}
.tiles .range{display:block;font-size:14px;letter-spacing:0}
.tiles small{display:block;margin-top:6px;font-size:13px;line-height:1.45}
.why{text-decoration:underline dotted 1px;text-decoration-color:color-mix(in srgb,var(--soft) 55%,var(--paper));text-underline-offset:4px;cursor:help}
td>.why:not(:hover){text-decoration-color:transparent}
.why:hover{text-decoration-color:var(--accent)}
.keep{white-space:nowrap}
.missing{color:var(--soft);font-size:.86em}
.identity p{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:baseline;margin:12px 0 0;font-size:18px;max-width:none}
.identity span{display:inline-block}
.identity .why{display:inline}
.identity p>b{color:var(--soft);font-weight:400}
.identity small{display:block;font-size:13px;line-height:1.4}
.identity small br{display:inline}
.bar{display:flex!important;height:10px;background:var(--wash);border-radius:2px;overflow:hidden}
.bar i{display:block;height:100%}
i.machine{background:var(--ink)}i.escalation{background:var(--accent)}i.error{background:color-mix(in srgb,var(--accent) 42%,var(--paper))}
.bar.share i{background:var(--accent)}
td .bar{height:4px;margin-top:5px;min-width:64px}
.identity p i,.key i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:7px}
.key{font-size:13px;margin:10px 0 26px}
.key span{margin-right:18px}
header>.key{display:none}
.try{display:flex;gap:16px;align-items:baseline;margin-top:28px}
.try>span{font-weight:600;white-space:nowrap}
pre{margin:0;padding:10px 14px;background:var(--wash);border-radius:4px;overflow-x:auto;font:14px/1.5 var(--mono);max-width:100%;min-width:0}
code{font-family:var(--mono);font-size:.9em}
pre code{font-size:1em}
figure{margin:0 0 22px}
figcaption{margin:0 0 16px;max-width:46em;color:var(--ink)}
.panel figcaption{font-size:14px;font-weight:600;margin-bottom:4px}
.plot{display:block;max-width:100%;height:auto;font-family:var(--sans);font-size:12px;overflow:visible}
.plot text{white-space:pre}
.narrow{display:none}
.multiples{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:22px;margin-top:22px}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:44px;align-items:start}
.scroll{overflow-x:auto;margin:0 0 26px;background:linear-gradient(90deg,transparent,var(--paper) 50%) right/40px 100% no-repeat local,linear-gradient(270deg,color-mix(in srgb,var(--soft) 22%,transparent),transparent) right/12px 100% no-repeat scroll}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.4}
caption{text-align:left;padding:0 0 10px;font-size:14px}
caption span.caption{position:sticky;left:0;display:inline-block;max-width:min(60em,calc(100vw - 40px))}
th,td{text-align:left;vertical-align:top;padding:8px 18px 8px 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{overflow-wrap:normal;font-weight:600;color:var(--soft);font-size:13px;vertical-align:bottom;border-bottom-color:var(--soft)}
tbody th{font-weight:400;min-width:104px;overflow-wrap:break-word}
th small,td small{display:block;font-size:12px}
.figures td,.figures thead th+th{text-align:right;white-space:nowrap}
.figures td.text,.figures thead th.text{text-align:left;white-space:normal}
td.text{min-width:84px;overflow-wrap:break-word}
.wide-text.wide-text{min-width:190px}
.figures .range{display:block;font-size:12px}
.figures tbody th{min-width:150px}
tr.winner th,tr.winner td{background:var(--wash)}
tr.winner th{font-weight:600}
tr.winner th small{font-weight:400}
.classes .bar.share{display:inline-flex!important;width:70px;vertical-align:middle;margin:0 10px 0 0}
.classes .of{display:inline-block;width:52px}
.classes td,.classes tbody th{padding-top:6px;padding-bottom:6px}
.scroll:has(>.short){max-width:680px}
.fields .bar.share{width:100%;min-width:60px;margin-top:8px}
.digest{font-size:12px}
details{margin:0 0 22px}
summary{cursor:pointer;font-weight:600;font-size:15px;padding:6px 0;color:var(--accent)}
.tag{font-size:12px;border:1px solid var(--rule);border-radius:3px;padding:0 5px;white-space:nowrap}
.mistakes{list-style:none;counter-reset:n;padding:0;margin:22px 0;columns:2;column-gap:44px}
.mistakes li{counter-increment:n;break-inside:avoid;border-top:1px solid var(--rule);padding:12px 0 14px 34px;position:relative}
.mistakes li::before{content:counter(n);position:absolute;left:0;color:var(--soft);font-size:14px;top:13px}
.mistakes p,.mistakes dl,.mistakes dd{margin:0}
.mistakes dl{font-size:14px;margin-top:6px}
.mistakes dl>div{margin-bottom:4px}
.mistakes dt{font-weight:600}
.mistakes .line{display:block;white-space:pre-line}
.mistakes dd{display:grid;grid-template-columns:68px minmax(0,1fr);gap:8px;align-items:baseline;margin-bottom:3px}
.mistakes dd .tag{text-align:center}
.mistakes .confidence{font-size:13px;color:var(--soft)}
.commands dt{font-weight:600;font-size:14px;margin:10px 0 4px}
.commands dd{margin:0}
.none{color:var(--soft)}
footer{padding-top:30px;padding-bottom:50px;font-size:13px;color:var(--soft)}
@media screen and (max-width:760px){
main,footer{padding:0 20px}
header{padding-top:30px}
h1{font-size:28px}h2{font-size:22px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:24px 20px}
.tiles dd>.why{font-size:25px}
.wide{display:none}.narrow{display:block}
.multiples,.pair{grid-template-columns:minmax(0,1fr);gap:14px}
.mistakes{columns:1}
.try{display:block}
pre,pre code{white-space:pre-wrap}
.figures tbody th{position:sticky;left:0;background:var(--paper);min-width:118px;max-width:150px}
tr.winner th{background:var(--wash)}
.classes .bar.share{display:none!important}
th,td{padding-right:14px}
}
@media print{
:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#ccc;--wash:#f3f3f3;--accent:#0b5a7d;color-scheme:light}
body{font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main,footer{max-width:none;padding:0}
nav,.index{display:none}
section{break-inside:auto;margin-top:14pt;padding-top:14pt}
h2,figcaption,caption{break-after:avoid}
figure,tr,.mistakes li{break-inside:avoid}
.scroll{overflow:visible}
h1{font-size:22pt}h2{font-size:15pt}
header{padding-top:0}
.tiles{gap:14pt}.tiles dd>.why{font-size:18pt}
.identity p{font-size:11pt;gap:4pt 9pt}
.pair{gap:20pt}.multiples{gap:10pt}
.mistakes{font-size:9.5pt}.mistakes dl{font-size:8.5pt}
pre,pre code{white-space:pre-wrap}
details:not([open]){display:none}
table{font-size:8.5pt}
table.figures{font-size:7.5pt}
.figures .range,th small,td small{font-size:6.5pt}
.figures thead th+th{white-space:normal}
.figures tbody th{min-width:72pt}
th,td{padding:3pt 7pt 3pt 0}
}
`);
