// Brings what is marked data-live up to date every few seconds, by asking for the
// page again. Without this script a page is as it was when it was loaded.
"use strict";
(() => {
	const every = 5000;
	const parts = [...document.querySelectorAll("[data-live][id]")];
	if (parts.length === 0) return;

	// Who is about to press a button must not lose it.
	const busy = part => part.contains(document.activeElement) || part.matches(":active");

	async function refresh() {
		if (!document.hidden) {
			try {
				const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
				if (answer.ok) {
					// A parsed document runs no scripts, and the server has escaped its texts.
					const now = new DOMParser().parseFromString(await answer.text(), "text/html");
					for (const part of parts) {
						const next = now.getElementById(part.id);
						if (next && !busy(part)) part.replaceChildren(...next.childNodes);
					}
					document.documentElement.dataset.refreshed = Number(document.documentElement.dataset.refreshed || 0) + 1;
				}
			} catch {
				// The service is away: the next try may find it.
			}
		}
		setTimeout(refresh, every);
	}
	setTimeout(refresh, every);
})();
