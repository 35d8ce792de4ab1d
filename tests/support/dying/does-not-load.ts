/** No hart comes to life: the module itself throws. */
throw new Error('this module does not load');
