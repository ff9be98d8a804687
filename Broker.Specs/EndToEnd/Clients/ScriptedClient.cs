using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>
/// A client library of another language, behind a script that takes one JSON argument (what <see cref="RequestedClient"/> asks),
/// prints <c>subscribed</c> after SUBACK and a line for each message (<see cref="PrintedMessages"/>).
/// </summary>
internal sealed class ScriptedClient(string interpreter, params string[] script) : ProgramClient(interpreter)
{
    private readonly string _script = RepositoryFolder.Find(["Broker.Specs", "EndToEnd", .. script]);

    private protected override IEnumerable<string> Arguments(Dictionary<string, object?> request) => [_script, JsonSerializer.Serialize(request)];
}
