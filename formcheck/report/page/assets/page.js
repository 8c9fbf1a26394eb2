// Draws the charts of the page and makes the video jump. It adds nothing to what the page says.
"use strict";
(() => {
  const root = document.documentElement;
  const charts = new Map();
  const PRINT_WIDTH = 680; // CSS pixels between the margins of A4
  const ZOOM = 1.6;

  const video = (name) => (name ? document.getElementById(name) : document.querySelector("video"));

  const first = (film) => Number(film.dataset.first ?? 0); // the time at which it begins, by the page's clock

  const seek = (seconds, name) => {
    const film = video(name);
    if (!film || !Number.isFinite(seconds)) return;
    film.currentTime = Math.max(0, seconds - first(film));
    film.scrollIntoView({ block: "nearest" });
  };

  // Colours are names of the style sheet until a chart is drawn.
  const painted = (value, style) => {
    if (typeof value === "string" && value.startsWith("var(")) return style.getPropertyValue(value.slice(4, -1)).trim();
    if (Array.isArray(value)) return value.map((item) => painted(item, style));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, style)]));
    }
    return value;
  };

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  const told = (data) => (value) => (Number.isFinite(value) ? value.toFixed(data.decimals) + data.unit : "not seen");

  // What is no plain data: times as m:ss, and values with their unit.
  const worded = (option, data) => {
    option.tooltip.valueFormatter = told(data);
    if (data.timeline) {
      for (const axis of [option.xAxis].flat()) {
        axis.axisLabel.formatter = clock;
        axis.axisPointer = { label: { formatter: ({ value }) => clock(value) } };
      }
    }
    return option;
  };

  const base = {
    textStyle: { fontFamily: "system-ui, sans-serif", color: "var(--text)" },
    tooltip: { backgroundColor: "var(--card)", borderColor: "var(--grid)", textStyle: { color: "var(--text)" } },
  };

  const paint = (shown) => {
    const { tooltip, ...option } = shown.data.option;
    const whole = { ...base, ...option, tooltip: { ...base.tooltip, ...tooltip } };
    shown.chart.setOption(worded(painted(whole, getComputedStyle(root)), shown.data));
    if (shown.data.timeline) follow(shown);
  };

  const follow = (shown) => {
    const film = video(shown.data.video);
    if (!film) return;
    const colour = getComputedStyle(root).getPropertyValue("--text").trim();
    const data = film.currentTime > 0 && !root.classList.contains("printing") ? [{ xAxis: film.currentTime + first(film) }] : [];
    const lineStyle = { color: colour, width: 1.5, type: "solid" };
    const markLine = { silent: true, animation: false, symbol: "none", label: { show: false }, lineStyle, data };
    shown.chart.setOption({ series: [{ id: "now", type: "line", data: [], markLine }] });
  };

  const zoom = (shown, how) => {
    const { start, end } = shown.chart.getOption().dataZoom[0];
    const width = end - start;
    const wish = { in: width / ZOOM, out: width * ZOOM, all: 100 }[how] ?? width;
    const step = { earlier: -width / 2, later: width / 2 }[how] ?? (width - wish) / 2;
    const size = Math.min(100, Math.max(1, wish));
    const from = Math.min(100 - size, Math.max(0, start + step));
    shown.chart.dispatchAction({ type: "dataZoom", start: from, end: from + size });
  };

  const listen = (shown) => {
    shown.chart.on("click", (event) => {
      if (event.data && Number.isFinite(event.data.seek)) seek(event.data.seek, event.data.video ?? shown.data.video);
    });
    if (!shown.data.timeline) return;
    shown.chart.getZr().on("click", (event) => {
      const place = [event.offsetX, event.offsetY];
      if (event.target || !shown.chart.containPixel({ gridIndex: 0 }, place)) return;
      seek(shown.chart.convertFromPixel({ gridIndex: 0 }, place)[0], shown.data.video);
    });
    video(shown.data.video)?.addEventListener("timeupdate", () => follow(shown));
  };

  for (const place of document.querySelectorAll(".chart")) {
    const data = JSON.parse(document.getElementById(`${place.id}-data`).textContent);
    const shown = { place, data, chart: echarts.init(place, null, { renderer: "svg" }) };
    charts.set(place.id, shown);
    paint(shown);
    listen(shown);
    new ResizeObserver(() => root.classList.contains("printing") || shown.chart.resize()).observe(place);
  }

  for (const film of document.querySelectorAll("video")) {
    const missing = film.nextElementSibling;
    film.addEventListener("error", () => missing?.classList.contains("missing") && (missing.hidden = false));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.seek) seek(Number(button.dataset.seek), button.dataset.video);
    if (button?.dataset.zoom) zoom(charts.get(button.dataset.chart), button.dataset.zoom);
  });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(paint));
  addEventListener("beforeprint", () => {
    root.classList.add("printing");
    for (const shown of charts.values()) {
      shown.chart.resize({ width: PRINT_WIDTH });
      paint(shown);
    }
  });
  addEventListener("afterprint", () => {
    root.classList.remove("printing");
    for (const shown of charts.values()) {
      shown.chart.resize();
      paint(shown);
    }
  });
})();
