namespace Microsoft.ML.PaT.Shared;

/// <summary>
/// Style sheet of every page. The contrast is at least 4.5:1 for text and 3:1 for lines, in both color schemes.
/// </summary>
internal static class HtmlStyle
{
    /// <summary>
    /// Must not contain &lt;, &gt; or &amp;, which HTML and XML parse differently in a style element.
    /// </summary>
    public const string Css = """

        :root { color-scheme: light dark; --page: #fff; --ink: #1b2430; --soft: #57606f; --rule: #dfe3e8;
          --panel: #f6f8fa;
          --run: #0b62c4; --reference: #727b89; --pruned: #b4480a; --faint: #8fb4de; --before: #cfd6df;
          --pruning: #e2854b; --compact: #0b62c4; --dense: #7b8aa0; --rest: #cfd6df; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #12161c; --ink: #e6eaf0; --soft: #a3adba; --rule: #2b333e; --panel: #1a2029;
            --run: #6fb0ff; --reference: #939dab; --pruned: #f0995b; --faint: #3d6594; --before: #39434f;
            --pruning: #f0995b; --compact: #6fb0ff; --dense: #77859a; --rest: #39434f; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
          -webkit-text-size-adjust: 100%; }
        main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
        p { margin: .5rem 0; }
        .subtitle, .note, caption, figcaption, .legend { color: var(--soft); font-size: .875rem; }
        .subtitle, li { overflow-wrap: anywhere; }
        .lead { max-width: 46rem; font-size: 1.05rem; }
        .scroll { overflow-x: auto; }
        * + .scroll { margin-top: 1.25rem; }
        h2 + .scroll { margin-top: 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding-bottom: .35rem; }
        th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: right;
          font-weight: normal; vertical-align: top; white-space: nowrap; }
        thead th { color: var(--soft); font-size: .875rem; }
        th:first-child { text-align: left; white-space: normal; min-width: 4rem; }
        .left { display: block; text-align: left; }
        .prose { white-space: normal; min-width: 16rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        .matrix th, .matrix td { padding: .15rem .4rem; vertical-align: middle; }
        .matrix th { white-space: normal; min-width: 3rem; max-width: 9rem; overflow-wrap: break-word; }
        .matrix thead th { vertical-align: bottom; }
        .matrix thead th, .matrix td { text-align: center; }
        .cell { display: block; min-width: 2.2rem; padding: .15rem .3rem; border-radius: .25rem;
          background: color-mix(in srgb, var(--pruned) calc(var(--fraction) * 45%), transparent); }
        .cell.right { font-weight: 600;
          background: color-mix(in srgb, var(--run) calc(var(--fraction) * 25%), transparent); }
        .images { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: 1rem;
          margin: 0; padding: 0; list-style: none; }
        .images p { margin: .1rem 0; font-size: .8125rem; overflow-wrap: anywhere; }
        .images img { display: block; width: 6rem; height: 6rem; object-fit: contain; object-position: left;
          image-rendering: pixelated; }
        code { font-family: ui-monospace, monospace; font-size: .875rem; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr));
          gap: 1.5rem; }
        figure { margin: 0; min-width: 0; }
        .charts figure { background: var(--panel); border-radius: .5rem; padding: .75rem; }
        figcaption { color: var(--ink); font-weight: 600; }
        figcaption .note { font-weight: normal; }
        .timeline figure { margin-bottom: 1rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .15rem 0 .35rem; font-size: .8125rem; }
        .key { display: inline-block; width: 1.1rem; margin-right: .35rem; vertical-align: middle;
          border-top: 2.5px solid; }
        .key.block { width: .8rem; height: .8rem; border: 0; border-radius: 2px; background: currentColor; }
        svg { display: block; width: 100%; height: auto; overflow: visible; }
        svg text { fill: var(--soft); font-size: 11px; }
        svg.bar { min-width: 7rem; height: .8rem; margin-top: .35rem; }
        svg.phases { height: 1.75rem; border-radius: .25rem; }
        .grid { stroke: var(--rule); stroke-width: 1; }
        .curve { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
        .point { fill: currentColor; }
        polyline.dots { stroke: none; }
        .run { color: var(--run); }
        .reference { color: var(--reference); }
        .curve.reference, .curve.pruned, .curve.threshold { stroke-dasharray: 5 3; }
        .key.reference, .key.pruned, .key.threshold { border-top-style: dashed; }
        .faint { color: var(--faint); }
        .pruned, .threshold { color: var(--pruned); }
        .curve.threshold, .key.threshold { color: var(--soft); }
        rect.before { fill: var(--before); }
        rect.after { fill: var(--run); }
        .dense { color: var(--dense); fill: var(--dense); }
        .pruning { color: var(--pruning); fill: var(--pruning); }
        .compact { color: var(--compact); fill: var(--compact); }
        .rest { color: var(--rest); fill: var(--rest); }
        .terms { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0;
          color: var(--soft); font-size: .875rem; }
        .terms dt { color: var(--ink); }
        .terms dd { margin: 0; }
        summary { cursor: pointer; color: var(--run); padding: .25rem 0; }
        @media (max-width: 30rem) { table, code { font-size: .8125rem; } th, td { padding-right: .5rem; }
          svg.bar { min-width: 5rem; } }
        :focus-visible { outline: 2px solid var(--run); outline-offset: 2px; }

        """;
}
