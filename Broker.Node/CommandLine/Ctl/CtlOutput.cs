using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>A column of a table.</summary>
/// <param name="Header">Above it.</param>
/// <param name="Property">Of the rows' JSON.</param>
internal readonly record struct CtlColumn(string Header, string Property);

/// <summary>Answers for people, or for programs.</summary>
/// <param name="writer">Where to.</param>
/// <param name="isJson">For programs.</param>
/// <param name="width">Of the terminal; null: it is none, and lines may be of any length.</param>
internal sealed class CtlOutput(TextWriter writer, bool isJson, int? width)
{
    private const int Unlimited = 10_000;
    private const int ColumnGap = 2;

    /// <summary>What every event has is not named.</summary>
    private static readonly string[] EventColumns = ["time", "node", "clientId", "event", "packet"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A row each.</summary>
    public void WriteTable(JsonElement rows, IReadOnlyList<CtlColumn> columns)
    {
        if (isJson)
        {
            WriteJson(rows);
            return;
        }

        var texts = rows.EnumerateArray()
            .Select(row => columns.Select(column => row.TryGetProperty(column.Property, out var value) ? Show(column.Property, value) : "").ToArray()).ToList();
        if (width is null)
        {
            WriteLines(texts, columns);
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Header, new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, ColumnGap, 0) });
        }

        foreach (var text in texts)
        {
            table.AddRow(text.Select(static cell => new Text(cell)));
        }

        Write(table);
    }

    /// <summary>Nothing is wrapped where there is no terminal, and ten thousand rows should not take longer to write than to fetch.</summary>
    private void WriteLines(List<string[]> rows, IReadOnlyList<CtlColumn> columns)
    {
        var widths = columns.Select((column, i) => rows.Aggregate(column.Header.Length, (longest, row) => Math.Max(longest, row[i].Length)) + ColumnGap).ToArray();
        foreach (var row in rows.Prepend([.. columns.Select(static column => column.Header)]))
        {
            writer.WriteLine(string.Concat(row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    /// <summary>One thing, a property a line.</summary>
    public void WriteObject(JsonElement thing)
    {
        if (isJson)
        {
            WriteJson(thing);
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn();
        foreach (var property in thing.EnumerateObject())
        {
            grid.AddRow(new Text(Words(property.Name), new Style(decoration: Decoration.Bold)), new Text(Show(property.Name, property.Value)));
        }

        Write(grid);
    }

    /// <summary>Something that has happened, in one line: when, where, to whom and what, then whatever else there is.</summary>
    public void WriteEvent(JsonElement what)
    {
        if (isJson)
        {
            writer.WriteLine(what.GetRawText());
        }
        else
        {
            var details = what.EnumerateObject().Where(static property => !EventColumns.Contains(property.Name)).Select(static property => $"{property.Name}={Show(property.Value)}");
            writer.WriteLine(string.Join(' ', EventColumns.Select(name => ShowEvent(what, name)).Where(static text => text.Length > 0).Concat(details)));
        }

        writer.Flush();
    }

    private static string ShowEvent(JsonElement what, string column) =>
        !what.TryGetProperty(column, out var value) ? ""
        : column == "time" && value.TryGetDateTimeOffset(out var time) ? time.UtcDateTime.ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : Show(value);

    private void WriteJson(JsonElement element) => writer.WriteLine(JsonSerializer.Serialize(element, Indented));

    private void Write(Spectre.Console.Rendering.IRenderable renderable)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = width is null ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = width is null ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        console.Profile.Width = width ?? Unlimited;
        console.Write(renderable);
    }

    /// <summary>A client id may look like a time; what is one, is named so.</summary>
    private static string Show(string name, JsonElement value) =>
        (name.EndsWith("At", StringComparison.Ordinal) || name == "since") && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Show(value);

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "-",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "-" : string.Join(", ", value.EnumerateArray().Select(Show)),
        JsonValueKind.Object => value.EnumerateObject().Any() ? string.Join(", ", value.EnumerateObject().Select(static property => $"{Printable(property.Name)}={Show(property.Value)}")) : "-",
        JsonValueKind.String => Printable(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>Client ids and topics come from strangers: what they send cannot steer the terminal.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var printable = new StringBuilder();
        foreach (var character in text)
        {
            printable.Append(char.IsControl(character) ? $"\\u{(int)character:x4}" : character);
        }

        return printable.ToString();
    }

    /// <summary>"connectedAt" as "connected at".</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var character in name)
        {
            words.Append(char.IsUpper(character) ? $" {char.ToLowerInvariant(character)}" : character);
        }

        return words.ToString();
    }
}
