"""The page's style: system fonts, light and dark, from a phone to a wall. No file beside it."""

STYLE = """
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--ink:#14181d;--muted:#56606c;
--rule:#e2e6eb;
--head:#f9fafb;--accent:#2456c4;--fill:#2456c414;--ok:#12703a;--busy:#2456c4;--warn:#8a5200;
--bad:#b3261e;
--none:#56606c;--okbg:#e6f4ec;--busybg:#e8eefb;--warnbg:#fdf1dd;--badbg:#fce9e7;--nonebg:#eef0f3}
@media(prefers-color-scheme:dark){:root{--page:#0e1115;--card:#161a20;--ink:#e9ecf0;--muted:#a3adb9;
--rule:#29303a;--head:#1a1f26;--accent:#8fb3ff;--fill:#8fb3ff1f;--ok:#74d49a;--busy:#8fb3ff;
--warn:#f2bb63;
--bad:#ff958d;--none:#a3adb9;--okbg:#16301f;--busybg:#1a2742;--warnbg:#36290f;--badbg:#3d1b19;
--nonebg:#232932}}
*{box-sizing:border-box}
html{font-size:clamp(15px,.28vw + 13.6px,24px);-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.5;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main,header,footer{max-width:88rem;margin:0 auto;padding:0 clamp(1rem,3vw,3rem)}
header{padding-top:clamp(1.5rem,4vw,3.25rem)}
h1{font-size:clamp(1.6rem,1.2rem + 1.6vw,2.3rem);line-height:1.15;letter-spacing:-.02em;margin:0;
font-weight:680}
h2{font-size:1.25rem;letter-spacing:-.01em;margin:0 0 .2rem;font-weight:650}
h3{font-size:1rem;margin:0;font-weight:620;line-height:1.35}
p{margin:0}bdi,p,.say{overflow-wrap:anywhere}.say{min-width:14rem}
section{margin-top:clamp(2rem,3.5vw,3.25rem);scroll-margin-top:1rem}
.lead{color:var(--muted);margin-top:.4rem;max-width:60rem}
.muted,.sub{color:var(--muted)}.sub{display:block;font-size:.84rem;font-weight:400}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
.tiles{list-style:none;display:grid;gap:.75rem;
grid-template-columns:repeat(auto-fit,minmax(9.2rem,1fr));
margin:1.6rem 0 0;padding:0}
.tiles a{display:block;height:100%;padding:.9rem 1.05rem;color:inherit;text-decoration:none}
.tiles a,.box{background:var(--card);border:1px solid var(--rule);border-radius:.8rem}
.tiles a:hover{border-color:var(--accent)}a:focus-visible{outline:3px solid var(--accent);
outline-offset:2px}
.count{display:block;font-size:1.9rem;line-height:1.15;font-weight:640;letter-spacing:-.02em;
font-variant-numeric:tabular-nums}
.tiles .badge{background:none;padding:0;white-space:normal}
.shape{flex:none;width:.85em;height:.85em}.pen{fill:none;stroke:currentColor;stroke-width:2}
.cut{fill:none;stroke:var(--card);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.badge{display:inline-flex;align-items:center;gap:.45em;padding:.14em .62em .14em .5em;
border-radius:2em;
font-size:.88rem;font-weight:600;line-height:1.45}td .badge{white-space:nowrap}
.ok{color:var(--ok);background:var(--okbg)}.busy{color:var(--busy);background:var(--busybg)}
.warn{color:var(--warn);background:var(--warnbg)}.bad{color:var(--bad);background:var(--badbg)}
.none{color:var(--none);background:var(--nonebg)}
.box{margin-top:.9rem;overflow:hidden}.empty{padding:1.1rem 1.25rem;color:var(--muted)}
.todo{list-style:none;margin:.9rem 0 0;padding:0;display:grid;gap:.75rem;
grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.todo li{background:var(--card);border:1px solid var(--rule);border-radius:.8rem;
padding:1rem 1.15rem 1.1rem;
display:flex;flex-direction:column;align-items:flex-start;gap:.5rem}
table{border-collapse:collapse;width:100%}
caption{text-align:start;padding:.8rem 1.25rem;color:var(--muted);font-size:.9rem}
th{text-align:start;font-size:.82rem;font-weight:600;color:var(--muted);background:var(--head)}
th,td{padding:.7rem .8rem;vertical-align:top;border-top:1px solid var(--rule)}
th:first-child,td:first-child{padding-inline-start:1.25rem}th:last-child,td:last-child{
padding-inline-end:1.25rem}
tbody th{min-width:9rem;background:none;font-size:1rem;color:inherit;font-weight:620}
.num{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}.size{font-weight:620}
time{font-variant-numeric:tabular-nums}thead th,time .sub{white-space:nowrap}
.key{font-size:.9rem;overflow-wrap:anywhere}.reason{font-weight:620}
.chart{width:15rem;min-width:9rem}.line{display:block;width:100%;height:2.7rem;overflow:visible}
.trace,.end{fill:none;stroke:var(--accent);stroke-width:1.75;vector-effect:non-scaling-stroke;
stroke-linejoin:round;stroke-linecap:round}.end{stroke-width:6}.area{fill:var(--fill)}
.more{padding:.8rem 1.25rem;border-top:1px solid var(--rule);color:var(--muted)}
footer{padding-top:2.5rem;padding-bottom:3rem;color:var(--muted);font-size:.9rem}footer p{
max-width:60rem}
@media(max-width:71.99rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,tbody th,td{display:block}
tr{padding:.85rem 1.1rem;border-top:1px solid var(--rule)}
tbody th,td,th:first-child,td:first-child,th:last-child,td:last-child{border:0;padding:.16rem 0}
td[data-label]{display:grid;grid-template-columns:7.2rem minmax(0,1fr);gap:.6rem;text-align:start}
td[data-label]::before{content:attr(data-label);color:var(--muted);font-size:.88rem}
.num{white-space:normal}.say{min-width:0}.chart{width:auto}caption,.more,.empty{padding-inline:1.1rem}
tbody{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))}
tbody th{padding-bottom:.35rem}}
@media print{body{background:none}.box,.todo li{break-inside:avoid-page}}
"""
