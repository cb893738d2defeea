// report.mjs PROGRAM MODULES [--shots FOLDER] - the HTML report in headless Chromium:
// a healthy run, the story's fault, two faults and a capture; a telephone and
// a desk; light and dark; both languages; on paper. No message on the console,
// no request to anywhere, nothing wider than the window, and axe-core finds
// nothing. MODULES: where npm put its packages. With --shots, pictures are left
// in FOLDER.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(join(realpathSync(process.argv[3]), "x"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const program = realpathSync(process.argv[2]);
const shots = process.argv[4] === "--shots" ? process.argv[5] : null;
const captures = new URL("../../captures/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "v6d-browser-"));

const runs = {
	healthy: ["run-all", "--lab"],
	story: ["run-all", "--lab", "--fault", "gre-size-in=1454@nat2"],
	two: ["run-all", "--lab", "--fault", "gre-size-in=1400@nat2",
		"--fault", "dns-aaaa-missing"],
	undecided: ["run-all", "--lab", "--fault", "gre-drop@nat2"],
	capture: ["read", captures + "faults/no_ra.pcap"],
	text: ["read", captures + "text/story-1-symptom.txt"],
};
// These in every window and scheme, the others in each of both once.
const fully = ["healthy", "story", "two"];
// What --shots keeps.
const pictures = ["story-desk-light", "story-phone-dark",
	"healthy-desk-light"];
const windows = { phone: [360, 740], desk: [1000, 900] };
let passed = 0, failed = 0;

function ok(what, good, told = "") {
	if (good)
		passed++;
	else {
		failed++;
		console.log(`FAILED: ${what}: ${told}`);
	}
}

// One run, retold in each language: saved first where it is live.
function report(name, args, lang) {
	const file = join(folder, `${name}-${lang}.html`);
	const of = args[0] === "run-all" ? saved(name, args) : args;
	const r = spawnSync(program,
		[...of, "--format", "html", "--lang", lang],
		{ maxBuffer: 1 << 26, cwd: folder });

	writeFileSync(file, r.stdout);
	return file;
}

const kept = {};
function saved(name, args) {
	if (!kept[name]) {
		kept[name] = `${name}.pcapng`;
		spawnSync(program, [...args, "--quiet", "--save", kept[name],
			"--no-redact", "--output", "none"], { cwd: folder });
	}
	return ["read", kept[name]];
}

async function look(browser, name, lang, size, scheme) {
	const what = `${name}, ${lang}, ${size}, ${scheme}`;
	const page = await browser.newPage();
	const [width, height] = windows[size];
	const url = "file://" + join(folder, `${name}-${lang}.html`);
	const told = [], asked = [];

	page.on("console", (m) => told.push(m.text()));
	page.on("pageerror", (e) => told.push(e.message));
	page.on("request", (r) => r.url() === url || asked.push(r.url()));
	await page.setViewport({ width, height, isMobile: size === "phone",
		deviceScaleFactor: 1 });
	await page.emulateMediaFeatures([
		{ name: "prefers-color-scheme", value: scheme }]);
	await page.goto(url);
	const picture = `${name}-${size}-${scheme}`;
	if (shots && lang === "en" && pictures.includes(picture))
		await page.screenshot({ path: join(shots, `${picture}.png`) });
	// What unfolds has to be right as well.
	await page.evaluate(() => document.querySelectorAll("details")
		.forEach((d) => { d.open = true; }));
	const wide = await page.evaluate(() => {
		const room = document.documentElement.clientWidth;
		const over = [...document.querySelectorAll("body *")]
			.filter((e) => !e.closest(".scroll") &&
				e.getBoundingClientRect().right > room + 0.5)
			.map((e) => e.tagName + "." + e.getAttribute("class"));
		return { over, scroll: document.documentElement.scrollWidth > room };
	});
	ok(`${what}: fits`, !wide.scroll && wide.over.length === 0,
		JSON.stringify(wide));
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run(document, {
		resultTypes: ["violations"] }));
	ok(`${what}: axe`, found.violations.length === 0,
		found.violations.map((v) => v.id + ": " + v.nodes.map(
			(n) => n.html.slice(0, 160)).slice(0, 2).join(" | ")).join("; "));
	ok(`${what}: nothing on the console`, told.length === 0, told.join("; "));
	ok(`${what}: no request`, asked.length === 0, asked.join(" "));
	const said = await page.evaluate(() => ({
		lang: document.documentElement.lang,
		h1: document.querySelectorAll("h1").length,
		drawn: [...document.querySelectorAll("svg.path")].filter(
			(s) => s.getBoundingClientRect().height > 60).length }));
	ok(`${what}: language, one heading, one picture`,
		said.lang === lang && said.h1 === 1 && said.drawn === 1,
		JSON.stringify(said));
	await page.close();
}

async function paper(browser, name) {
	const page = await browser.newPage();

	await page.goto("file://" + join(folder, `${name}-en.html`));
	const pdf = join(folder, `${name}.pdf`);
	await page.pdf({ path: pdf, format: "A4" });
	ok(`${name} on paper`, readFileSync(pdf).length > 10000);
	await page.close();
}

const browser = await puppeteer.launch({
	executablePath: "/usr/bin/chromium", headless: true,
	args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] });
try {
	for (const [name, args] of Object.entries(runs))
		for (const lang of ["en", "ja"]) {
			report(name, args, lang);
			for (const size of Object.keys(windows))
				for (const scheme of ["light", "dark"])
					if (fully.includes(name) || (size === "phone") ===
					    (scheme === "light"))
						await look(browser, name, lang, size, scheme);
		}
	await paper(browser, "story");
} finally {
	await browser.close();
	rmSync(folder, { recursive: true });
}
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
