/** Style sheet of all reports, also for phones and print. Text has a contrast of at least 4.5 to 1. */
export const STYLE = `
:root{--ink:#1c2530;--soft:#55616d;--line:#e2e7ec;--back:#f6f8fa;--card:#fff;--accent:#1f6f9e;--good:#17794a;--bad:#b3261e;
--classification:#8a3fa6;--localization:#1f6f9e;--both:#7a5c00;--duplicate:#00736b;--background:#b04a06;--missed:#b3165a;--right:#17794a;--ignored:#66707a}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:64px}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--accent)}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:36px;padding-bottom:8px}
h1{font-size:28px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:20px;margin:0 0 4px;letter-spacing:-.005em}
h3{font-size:15px;margin:22px 0 8px}
.lead,.about{color:var(--soft);margin:0 0 14px;max-width:74ch}
.facts{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0;padding:0;color:var(--soft);font-size:14px}
.facts div{display:flex;gap:6px}.facts dt::after{content:":"}.facts dd{margin:0;color:var(--ink);overflow-wrap:anywhere}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:#fff;padding:8px 12px;z-index:9}
nav{position:sticky;top:0;z-index:5;background:rgba(246,248,250,.94);border-bottom:1px solid var(--line);margin-top:16px}
nav ul{max-width:1120px;margin:0 auto;padding:0 12px;display:flex;gap:2px;list-style:none;overflow-x:auto;white-space:nowrap}
nav a{display:block;padding:11px 9px;color:var(--soft);text-decoration:none;font-size:14px}
nav a:hover,nav a:focus{color:var(--ink)}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 24px;margin:20px 0}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(126px,1fr));gap:12px;margin:6px 0 18px;padding:0;list-style:none}
.cards li{border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.cards .name{color:var(--soft);font-size:13px}
.cards .value{font-size:25px;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.cards .range{color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums}
.notes{margin:0 0 16px;padding:10px 16px 10px 32px;background:#fff8e6;border:1px solid #f0dfae;border-radius:8px}
.answer{margin:0 0 18px;padding-left:20px;max-width:84ch}.answer li{margin:4px 0}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
.scroll:focus{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption,.caption{text-align:left;color:var(--soft);font-size:14px;margin:0;padding:2px 0 6px}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft);white-space:nowrap}
tbody th{color:var(--ink);font-weight:500;white-space:normal;overflow-wrap:break-word;min-width:9ch}
td.n,th.n{text-align:right;white-space:nowrap}
tbody tr:hover{background:#f8fafc}
th button{all:unset;cursor:pointer}
th button:focus-visible,select:focus-visible,input:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th button::after{content:"\\2195";padding-left:4px;color:#8a95a0}
th[aria-sort=ascending] button::after{content:"\\2191";color:var(--ink)}
th[aria-sort=descending] button::after{content:"\\2193";color:var(--ink)}
.small{color:var(--soft);font-size:13px}
.meter{display:inline-block;vertical-align:middle;width:84px;height:8px;border-radius:4px;background:#e9eef2;overflow:hidden}
.meter i{display:block;height:100%;background:var(--accent)}
.tools{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:center;margin:0 0 12px}
label{color:var(--soft);font-size:14px}
input,select{font:inherit;font-size:14px;padding:5px 9px;border:1px solid #b9c3cc;border-radius:6px;background:#fff;color:var(--ink);max-width:100%}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:18px}
figure{margin:0}
figure.chart{border:1px solid var(--line);border-radius:8px;padding:12px 12px 8px}
figure.chart figcaption{font-weight:600;font-size:14px;margin-bottom:4px}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:#98a3ad;stroke-width:1}
.series{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.series.minor{stroke:#b6c2cc;stroke-width:1;opacity:.55}
.series.chosen{stroke:var(--background);stroke-width:2.5;opacity:1}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:6px 0 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
.bars{list-style:none;margin:0;padding:0}
.bars li{display:grid;grid-template-columns:145px 1fr 150px;gap:12px;align-items:center;padding:7px 0;border-bottom:1px solid var(--line)}
.bars .track{height:16px;background:#eef2f5;border-radius:4px;overflow:hidden}
.bars .track i{display:block;height:100%;border-radius:4px}
.bars .figure{text-align:right;font-variant-numeric:tabular-nums}
.bars .why{grid-column:2/4;color:var(--soft);font-size:13px;margin-top:-4px}
.gallery{display:grid;gap:18px}
.example{border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.example figcaption{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;margin-bottom:8px;overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}
.pair p,.crop p{margin:0 0 4px;font-size:13px;color:var(--soft)}
.tag{font-size:12px;color:#fff;border-radius:9px;padding:1px 8px;white-space:nowrap}
.crops{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:14px}
.crop{font-size:13px}.crop svg{border-radius:6px;background:#eef2f5}.crop figcaption{margin-top:5px;overflow-wrap:anywhere}
.picture{max-width:100%;height:auto;border-radius:6px;display:block}
svg .mark{fill:none;stroke-width:2.2;vector-effect:non-scaling-stroke}
svg .halo{fill:none;stroke:#fff;stroke-opacity:.65;stroke-width:4.4;vector-effect:non-scaling-stroke}
svg text.tagged{font-size:11px;font-weight:600;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
.better{color:var(--good)}.worse{color:var(--bad)}
.matrix{border-collapse:separate;border-spacing:1px;width:auto;font-size:11px}
.matrix td{padding:0;width:24px;min-width:24px;height:24px;text-align:center;border:0;vertical-align:middle}
.matrix th{padding:2px 6px;border:0;font-weight:500;font-size:12px;white-space:nowrap}
.matrix thead th{height:110px;vertical-align:bottom;padding:0;width:25px}
.matrix thead th span{writing-mode:vertical-rl;transform:rotate(180deg);display:inline-block;max-height:105px;overflow:hidden}
.matrix tbody th{text-align:right}
details{margin:12px 0 0}summary{cursor:pointer;color:var(--accent)}
footer{color:var(--soft);font-size:13px;padding-top:8px;padding-bottom:40px}
[hidden]{display:none!important}
@media(max-width:640px){header{padding-top:22px}section{padding:16px 14px;border-radius:8px}header,main,footer{padding-left:12px;padding-right:12px}
h1{font-size:23px}.bars li{grid-template-columns:1fr auto;gap:4px 10px}.bars .track{grid-column:1/3;grid-row:2}.bars .why{grid-column:1/3;margin-top:0}
.lines svg text{font-size:15px}td:last-child:not(.n){min-width:24ch}
.pair{grid-template-columns:1fr}th,td{padding:6px 7px}.cards{grid-template-columns:repeat(auto-fill,minmax(128px,1fr))}.crops{grid-template-columns:repeat(auto-fill,minmax(140px,1fr))}}
@media print{body{background:#fff;font-size:11pt}nav,.tools,.skip{display:none}section{border:0;padding:0;margin:18pt 0}.scroll{overflow:visible}
.example,.crop,figure.chart,.bars li,tr{break-inside:avoid}h2,h3{break-after:avoid}a{color:inherit;text-decoration:none}th button::after{content:""!important}
i,.tag,.matrix td{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`.replaceAll('\n', '');
