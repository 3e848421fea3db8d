"use strict";
(() => {
	const data = JSON.parse(document.getElementById("data").textContent);
	const all = selector => [...document.querySelectorAll(selector)];
	const buttons = all("[data-node], [data-edge]");
	const facts = all("aside ol > li");
	const dark = matchMedia("(prefers-color-scheme: dark)");

	const style = () => {
		const of = getComputedStyle(document.documentElement);
		const ink = of.getPropertyValue("--ink"), paper = of.getPropertyValue("--paper");
		const edge = of.getPropertyValue("--edge"), mark = of.getPropertyValue("--mark"), denied = of.getPropertyValue("--denied");
		return [
			{selector: "node", style: {"background-color": "data(color)", label: "data(caption)", color: ink, "font-size": 9, "text-wrap": "ellipsis", "text-max-width": 110,
				"text-valign": "bottom", "text-margin-y": 3, "text-outline-color": paper, "text-outline-width": 2, width: "data(size)", height: "data(size)"}},
			{selector: "edge", style: {width: 1.5, "line-color": edge, "target-arrow-color": edge, "target-arrow-shape": "triangle", "arrow-scale": .8, "curve-style": "bezier",
				label: "data(type)", "font-size": 7, color: ink, "text-outline-color": paper, "text-outline-width": 2, "text-rotation": "autorotate", "min-zoomed-font-size": 10}},
			{selector: "edge.near", style: {"min-zoomed-font-size": 0}},
			{selector: "edge.uncertain", style: {"line-style": "dashed"}},
			{selector: "edge.denied", style: {"line-style": "dotted", "line-color": denied, "target-arrow-color": denied}},
			{selector: ".dim", style: {opacity: .15}},
			{selector: ".chosen", style: {"overlay-color": mark, "overlay-opacity": .25, "overlay-padding": 5}},
			{selector: ".gone", style: {display: "none"}},
		];
	};

	const degree = data.nodes.map(() => 0);
	for (const e of data.edges) { degree[e.from]++; degree[e.to]++; }
	const cy = cytoscape({
		container: document.getElementById("drawing"), style: style(), minZoom: .1, maxZoom: 6,
		elements: [
			...data.nodes.map((n, i) => ({data: {id: "n" + i, caption: n.caption, label: n.label, color: n.color, size: 16 + 5 * Math.sqrt(degree[i])}})),
			...data.edges.map((e, i) => ({data: {id: "e" + i, source: "n" + e.from, target: "n" + e.to, type: e.type},
				classes: e.status === "denied" ? "denied" : ["alleged", "claimed", "possible"].includes(e.status) ? "uncertain" : ""})),
		],
		layout: {name: "preset"},
	});
	// From a fixed start the force-directed layout always ends alike.
	cy.layout({name: "concentric", concentric: n => n.degree(), animate: false}).run();
	cy.layout({name: "cose", animate: false, randomize: false, nodeRepulsion: () => 40000, idealEdgeLength: () => 80, gravity: .5, padding: 20}).run();
	dark.addEventListener("change", () => cy.style(style()));

	// choose marks one thing or fact, and hides the facts that do not touch it.
	const choose = id => {
		const chosen = cy.getElementById(id || "");
		cy.elements().removeClass("dim chosen near");
		for (const b of buttons) b.setAttribute("aria-pressed", String(b.id === id));
		const near = chosen.nodes().closedNeighborhood().union(chosen.edges()).union(chosen.edges().connectedNodes());
		if (chosen.nonempty()) {
			cy.elements().difference(near).addClass("dim");
			near.addClass("near");
			chosen.addClass("chosen");
			cy.animate({center: {eles: chosen}, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200});
		}
		let shown = 0;
		for (const li of facts) {
			li.hidden = chosen.nonempty() && !near.filter("edge").some(e => e.id() === li.firstElementChild.id);
			if (!li.hidden) shown++;
		}
		document.getElementById("shown").textContent = chosen.nonempty() ? shown + " of " + facts.length + " shown" : "";
	};
	for (const b of buttons) b.addEventListener("click", () => choose(b.getAttribute("aria-pressed") === "true" ? null : b.id));
	cy.on("tap", event => {
		if (event.target === cy) return choose(null);
		choose(event.target.id());
		const b = document.getElementById(event.target.id());
		b.scrollIntoView({block: "nearest"});
		b.focus({preventScroll: true});
	});
	for (const box of all("[data-label]")) box.addEventListener("change", () => {
		cy.nodes().filter(n => n.data("label") === box.dataset.label).toggleClass("gone", !box.checked);
		document.querySelector('[data-group="' + box.dataset.label + '"]').hidden = !box.checked;
	});
	const find = document.getElementById("find");
	find.addEventListener("input", () => {
		const text = find.value.trim().toLowerCase();
		for (const b of all("[data-node]")) b.parentElement.hidden = !b.textContent.toLowerCase().includes(text);
	});
	document.getElementById("all").addEventListener("click", () => { find.value = ""; find.dispatchEvent(new Event("input")); choose(null); cy.fit(undefined, 20); });
	const zoom = by => cy.zoom({level: cy.zoom() * by, renderedPosition: {x: cy.width() / 2, y: cy.height() / 2}});
	document.getElementById("in").addEventListener("click", () => zoom(1.3));
	document.getElementById("out").addEventListener("click", () => zoom(1 / 1.3));
	addEventListener("keydown", event => { if (event.key === "Escape") choose(null); });
	window.drawing = cy; // for those who want to look further
})();
