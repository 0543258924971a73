const fs=require('fs');const incl=new Map();const fl=fs.readdirSync('.').filter(x=>x.endsWith('.cpuprofile'));
for(const f of fl){const p=JSON.parse(fs.readFileSync(f));
const by=new Map(p.nodes.map(n=>[n.id,n]));const parent=new Map();for(const n of p.nodes)for(const c of n.children||[])parent.set(c,n.id);
const self=new Map();p.samples.forEach((s,i)=>self.set(s,(self.get(s)||0)+p.timeDeltas[i]));
for(const [id,t] of self){let x=id;const seen=new Set();while(x!==undefined){const n=by.get(x);const k=n.callFrame.functionName+' '+n.callFrame.url.split('/').slice(-2).join('/')+':'+n.callFrame.lineNumber+':'+n.callFrame.columnNumber;if(!seen.has(k)){seen.add(k);incl.set(k,(incl.get(k)||0)+t)}x=parent.get(x)}}}
for(const [k,t] of [...incl].sort((a,b)=>b[1]-a[1]).slice(0,75))console.log((t/1000/fl.length).toFixed(2).padStart(7),k)
