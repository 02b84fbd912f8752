// Browsers that were told by web push before there was one worker for everything ask for this one.
importScripts("./service-worker.js");
