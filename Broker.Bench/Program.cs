using BenchmarkDotNet.Running;
using Broker.Bench.Comparison;
using Broker.Bench.Fuzz;
using Broker.Bench.Gate;
using Broker.Bench.Routing;
using Broker.Bench.Sessions;
using Broker.Bench.Storage;
using Broker.Specs.Conformance.Run;

if (args is ["storage", .. var rest])
{
    return await StorageRun.RunAsync(rest);
}

if (args is ["conformance", .. var conformance])
{
    return await ConformanceCommand.RunAsync(conformance);
}

if (args is ["reconnect", .. var reconnect])
{
    return await ReconnectRun.RunAsync(reconnect);
}

if (args is ["routes", .. var routes])
{
    return await RouteRun.RunAsync(routes);
}

if (args is ["gate", .. var gate])
{
    return GateCommand.Run(gate);
}

if (args is ["fuzz", .. var fuzz])
{
    return FuzzCommand.Run(fuzz);
}

if (args is ["compare", .. var compare])
{
    return await CompareCommand.RunAsync(compare);
}

BenchmarkSwitcher.FromAssembly(typeof(StorageRun).Assembly).Run(args);
return 0;
