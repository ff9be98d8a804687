using System.Globalization;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client library behind a compiled program, which takes arguments of the form <c>name=value</c>: one for each payload, 1 for true.</summary>
internal sealed class CompiledClient(string program) : ProgramClient(program)
{
    private protected override IEnumerable<string> Arguments(Dictionary<string, object?> request) =>
        from item in request
        from value in item.Value as IEnumerable<string> ?? [Text(item.Value)]
        where value.Length > 0
        select $"{(item.Key == "payloads" ? "payload" : item.Key)}={value}";

    private static string Text(object? value) => value switch
    {
        bool yes => yes ? "1" : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
