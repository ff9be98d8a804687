using Broker.Actors.Security.Jwt;
using Broker.Actors.Security.Sources;
using Broker.Actors.Security.Users;
using Broker.Actors.Storage;
using Broker.Protocol.Transport;

namespace Broker.Node.Hosting;

/// <summary>Tells a mistake of the operator, which gets one line, from a fault of the program, which keeps its stack trace.</summary>
internal static class StartProblem
{
    /// <summary>What to print, or null where the exception is a fault.</summary>
    public static string? Explain(Exception problem) => problem switch
    {
        StartException known => known.Message,
        ListenerException listener => listener.Message,
        StorageException storage => storage.Message,
        UserFileException users => users.Message,
        AccessRulesException rules => rules.Message,
        JwtKeysException keys => keys.Message,
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };
}
